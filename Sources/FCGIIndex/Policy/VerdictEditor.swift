internal import Glibc
internal import POSIX
public import PythonPackaging

/// Changes the file of verdicts as an administrator would by hand, and records in the ledger who did it.
///
/// One command at a time: the others wait. A reader sees the old file or the new one.
public struct VerdictEditor {
    private let path: String
    private let configurationPath: String
    private let ledger: Ledger
    private let user: String

    /// - Parameter user: who is to stand in the ledger.
    public init(_ configuration: Configuration, ledger: Ledger, user: String) {
        path = configuration.yanksFile
        configurationPath = configuration.path
        self.ledger = ledger
        self.user = user
    }

    /// Yanks by `rule`. Where its target is yanked already, only the reason changes. Blocks until it is on the disk.
    ///
    /// - Returns: `false` where all of it was said already.
    public func yank(_ rule: YankRule) throws(VerdictError) -> Bool {
        let record = VerdictRecord(.yanked, rule, by: user)
        return try change(record) { text throws(VerdictError) in
            let known = text.verdicts.yanks
            var rules = known
            var bytes: [UInt8]?
            if let index = known.firstIndex(where: { $0.project == rule.project && $0.target == rule.target })
            {
                rules[index] = YankRule(known[index].target, of: rule.project, reason: rule.yank.reason)
                bytes = text.setting(.yankReason, to: rule.yank.reason, at: VerdictText.yank(index))
            } else {
                rules.append(rule)
                let target: (ConfigurationKey, String) =
                    switch rule.target {
                    case .version(let pattern): (.yankedVersion, pattern.description)
                    case .file(let glob): (.yankedFile, glob)
                    }
                bytes = text.adding(
                    "yank",
                    [(.yankedProject, rule.project.normalized), target, (.yankReason, rule.yank.reason)]
                )
            }
            return (bytes, Verdicts(yanks: rules, statuses: text.verdicts.statuses))
        }
    }

    /// Takes back what yanks exactly `target` of `project`. Blocks until it is on the disk.
    ///
    /// - Throws: `.notYanked` where nothing does; else as `yank(_:)`.
    public func unyank(_ target: YankTarget, of project: ProjectName) throws(VerdictError) {
        let record = VerdictRecord(.unyanked, YankRule(target, of: project), by: user)
        _ = try change(record) { text throws(VerdictError) in
            var rules = text.verdicts.yanks
            guard let index = rules.firstIndex(where: { $0.project == project && $0.target == target }) else {
                throw .notYanked(target, of: project, in: text.verdicts)
            }
            rules.remove(at: index)
            let bytes = text.removing(VerdictText.yank(index))
            return (bytes, Verdicts(yanks: rules, statuses: text.verdicts.statuses))
        }
    }

    /// Gives `project` this status; `.active` without a reason takes its mark away. Blocks until it is on the disk.
    ///
    /// - Returns: `false` where it had that status already.
    public func mark(_ project: ProjectName, _ status: ProjectStatus) throws(VerdictError) -> Bool {
        let record = VerdictRecord(project, status, by: user)
        let path = path
        return try change(record) { text throws(VerdictError) in
            var statuses = text.verdicts.statuses
            statuses[project] = status == .active ? nil : status
            let expected = Verdicts(yanks: text.verdicts.yanks, statuses: statuses)
            let marker = status.marker.rawValue
            guard let place = text.status(of: project) else {
                let added = text.adding(
                    "status",
                    [
                        (.statusProject, project.normalized), (.statusMarker, marker),
                        (.statusReason, status.reason),
                    ]
                )
                return (status == .active ? text.bytes : added, expected)
            }
            if status == .active { return (text.removing(place), expected) }
            // One after the other, since the first moves what follows it.
            guard let marked = text.setting(.statusMarker, to: marker, at: place),
                let second = try? VerdictText(marked, file: path)
            else { return (nil, expected) }
            return (second.setting(.statusReason, to: status.reason, at: place), expected)
        }
    }

    // MARK: The file

    private typealias Change = (VerdictText) throws(VerdictError) -> (bytes: [UInt8]?, expected: Verdicts)

    private func change(_ record: VerdictRecord, _ change: Change) throws(VerdictError) -> Bool {
        let result: Result<Bool, VerdictError>
        do throws(SystemError) {
            result = try FileLock.withExclusive(path + ".lock") {
                do throws(VerdictError) {
                    return .success(try changeLocked(record, change))
                } catch { return .failure(error) }
            }
        } catch { throw .system(error) }
        return try result.get()
    }

    private func changeLocked(_ record: VerdictRecord, _ change: Change) throws(VerdictError) -> Bool {
        let old: VerdictText
        do {
            old = try VerdictText(try File.readIfPresent(path) ?? [], file: path)
        } catch let error as ConfigurationError {
            throw .wrong(error)
        } catch let error as SystemError {
            throw .system(error)
        } catch { throw .uneditable(path: path) }
        let (bytes, expected) = try change(old)
        if bytes == old.bytes { return false }
        // What the new text says is what counts, however odd the old one was.
        guard let bytes, let new = try? VerdictText(bytes, file: path), new.verdicts == expected else {
            throw .uneditable(path: path)
        }
        do throws(SystemError) {
            try write(bytes)
        } catch { throw .system(error) }
        do throws(LedgerError) {
            try ledger.append(record)
        } catch { throw .unrecorded(error) }
        return true
    }

    /// Keeps owner and permissions. A new file takes those of the configuration, which the responder can read too.
    private func write(_ bytes: [UInt8]) throws(SystemError) {
        let isNew = !File.exists(path)
        // A link stays one.
        let target = isNew ? path : try File.resolve(path)
        let status = try FileStatus(path: isNew ? configurationPath : target)
        try File.replace(
            target,
            with: bytes,
            mode: status.mode & 0o777,
            owner: status.owner == geteuid() ? nil : status.owner,
            group: status.group == getegid() ? nil : status.group
        )
    }
}
