internal import Git
internal import POSIX
internal import PythonPackaging

/// Yanks and statuses, against the tags that there are.
extension Checkup {
    func verdicts() -> [Finding] {
        let path = configuration.yanksFile
        let verdicts: Verdicts
        do throws(ConfigurationError) {
            verdicts = try Verdicts(contentsOf: path)
        } catch { return error.issues.map { .error($0.description) } }
        if verdicts == Verdicts() { return [.ok("yanks: \(path) yanks nothing.")] }
        let (yanks, statuses) = (verdicts.yanks.count, verdicts.statuses.count)
        let quarantined = verdicts.statuses.count { $0.value.marker == .quarantined }
        let findings = [
            Finding.ok(
                "yanks: \(path) can be read; yanks: \(yanks), statuses: \(statuses), quarantined: \(quarantined)."
            )
        ]
        let bypass =
            configuration.hasDirectFiles ? verdicts.warningOfBypass.map { [Finding.error($0)] } ?? [] : []
        // What another index has is not known here: only its own answers say that.
        guard let files = files() else { return findings + bypass }
        return findings + bypass + unmatched(verdicts, files)
    }

    private func unmatched(_ verdicts: Verdicts, _ files: [ProjectName: [DistributionFilename]]) -> [Finding]
    {
        let rules = verdicts.yanks.filter { rule in
            files[rule.project]?.contains { rule.target.matches($0) } != true
        }
        // A quarantine also keeps a name from being redirected.
        let hasFallback = configuration.sources.contains { if case .simple = $0 { true } else { false } }
        let projects = verdicts.statuses.keys.sorted().filter { project in
            files[project] == nil && !(hasFallback && verdicts.quarantine(of: project) != nil)
        }
        return rules.map { .warning("The yank of \($0) matches no file of a source here.") }
            + projects.map { .warning("The status of \($0) concerns no project of a source here.") }
    }

    /// The files that lie in folders, and those that the tags of all git sources name; `nil` where a source cannot
    /// be read, which is reported elsewhere.
    private func files() -> [ProjectName: [DistributionFilename]]? {
        var files: [ProjectName: [DistributionFilename]] = [:]
        for case .directory(let source) in configuration.sources {
            guard let kept = DirectorySource.filenames(of: source) else { return nil }
            files.merge(kept) { $0 + $1 }
        }
        for case .files(let source) in configuration.sources {
            guard let bytes = try? File.read(source.path) else { return nil }
            for (project, listed) in FileList(parsing: bytes, source).projects {
                files[project, default: []] += listed.map(\.filename)
            }
        }
        for case .git(let source) in configuration.sources {
            let tags: [Tag]
            do throws(GitError) {
                tags = try Repository(path: source.path, trustOwner: source.trustOwner).tags()
            } catch { return nil }
            let table = ReleaseTable(rules: source.rules, packages: source.packages, tags: tags)
            for (project, candidates) in table.projects {
                files[project, default: []] += candidates.compactMap { candidate in
                    let version = source.rules[candidate.rule].match(candidate.tag.name)?.version
                    return version.flatMap { Version($0) }.map {
                        .source(SourceDistributionFilename(project: project, version: $0))
                    }
                }
            }
        }
        return files
    }
}
