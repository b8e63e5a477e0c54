internal import Git
internal import PythonPackaging

/// Which tags cannot be built without running code, where that is what is wanted.
extension Checkup {
    func statics(_ source: GitSourceConfiguration) -> [Finding] {
        guard source.allRecipes.contains(where: { $0.making == .static }) else { return [] }
        var found: [StaticProject.Obstacle: [String]] = [:]
        var count = 0
        do {
            let ledger = try Ledger(directory: configuration.stateDirectory, keeper: { _ in })
            let store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
            let git = GitSource(source, ledger: ledger, store: store, logger: Configuration.silence)
            _ = git.changes()
            for name in try git.projects().sorted() where source.recipe(for: name).making == .static {
                for release in try git.resolution(of: name).releases {
                    count += 1
                    if let obstacle = try Self.obstacle(to: release, of: name, in: git.objects) {
                        found[obstacle, default: []].append(release.tag)
                    }
                }
            }
        } catch LedgerError.noDirectory {
            return [
                .warning(
                    "Source \"\(source.name)\": which tags cannot be built without running code is looked at once the "
                        + "state directory is there."
                )
            ]
        } catch { return [.error("Source \"\(source.name)\": \(error)")] }
        let summary = "Source \"\(source.name)\": \(count) releases are to be built without running code"
        let reasons = Dictionary(grouping: found, by: \.key.reason)
        if reasons.isEmpty { return [.ok("\(summary), and all can be.")] }
        return [.ok(summary + ".")]
            + reasons.values.sorted { $0[0].key.reason < $1[0].key.reason }.map { alike in
                let count = alike.reduce(0) { $0 + $1.value.count }
                let example = alike.min { $0.value[0] < $1.value[0] }
                return .warning(
                    "Source \"\(source.name)\": \(count) of them cannot, such as \"\(example?.value[0] ?? "")\": "
                        + (example?.key.description ?? "")
                )
            }
    }

    private static func obstacle(
        to release: Release,
        of name: ProjectName,
        in objects: ObjectPool
    ) throws -> StaticProject.Obstacle? {
        let tree = try objects.withRepository { repository throws(GitError) in
            let tree = try repository.commit(release.commit).tree
            return try repository.entry(at: release.directory, in: tree)?.id ?? tree
        }
        do {
            _ = try StaticProject(.init(of: tree, in: objects), project: name, version: release.version)
            return nil
        } catch let obstacle as StaticProject.Obstacle { return obstacle }
    }
}

extension StaticProject.Files {
    /// The files below the tree `id`, without those that symbolic links name, as when they are exported.
    fileprivate init(of id: ObjectID, in objects: ObjectPool) {
        read = { path in
            try objects.withRepository { repository throws(GitError) in
                guard let entry = try repository.entry(at: path, in: id), entry.kind == .blob else {
                    return nil
                }
                return try repository.blob(entry.id, limit: 64 << 20)
            }
        }
        paths = {
            try objects.withRepository { repository throws(GitError) in try Self.paths(of: id, in: repository)
            }
        }
    }

    private static func paths(
        of id: ObjectID,
        in repository: borrowing Repository
    ) throws(GitError) -> [String] {
        var paths: [String] = []
        for named in try repository.entries(of: id) {
            switch named.entry.kind {
            case .blob: paths.append(named.name)
            case .tree:
                for path in try Self.paths(of: named.entry.id, in: repository) {
                    paths.append("\(named.name)/\(path)")
                }
            case .link, .submodule: continue
            }
        }
        return paths
    }
}
