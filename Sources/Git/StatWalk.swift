internal import Glibc
internal import POSIX

/// Watches by looking at every loose tag and at `packed-refs` again, on each call: for file systems that tell
/// nothing, and where inotify cannot be had.
final class StatWalk: ReferenceWatch {
    let signal: RepositorySignal? = nil
    /// A file as it was seen.
    private struct Mark {
        let status: FileStatus
        /// Whether a change after it was seen would show in its times.
        let isSettled: Bool

        init(_ status: FileStatus) { (self.status, isSettled) = (status, status.isSettled) }
    }

    private let directory: String
    private var packed: Mark?
    private var configuration: Mark?
    private var loose: [String: Mark] = [:]

    /// Notes the state of now.
    init(_ directory: String) throws(SystemError) {
        self.directory = directory
        _ = try changes()
    }

    func changes() throws(SystemError) -> ReferenceChanges {
        // Loose tags first: git writes packed-refs before it removes what it packed.
        let looseNow = try allLoose()
        let packedNow = try mark(ReferenceLayout.packed)
        let configurationNow = try mark(ReferenceLayout.configuration)
        defer { (loose, packed, configuration) = (looseNow, packedNow, configurationNow) }
        var names: Set<String> = []
        for (name, mark) in looseNow where Self.differ(loose[name], mark) { names.insert(name) }
        for name in loose.keys where looseNow[name] == nil { names.insert(name) }
        // `git refs migrate` rewrites the configuration; what else rewrites it is rare.
        if Self.differ(configuration, configurationNow) || Self.differ(packed, packedNow) {
            return .everything(names)
        }
        return names.isEmpty ? .none : .names(names)
    }

    private func mark(_ name: String) throws(SystemError) -> Mark? {
        do throws(SystemError) {
            // Opening makes NFS ask the server, where `stat` may be answered from a cache: nfs(5),
            // "close-to-open".
            let file = try Descriptor(opening: "\(directory)/\(name)", O_RDONLY)
            return Mark(try FileStatus(of: file))
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }

    private func allLoose() throws(SystemError) -> [String: Mark] {
        var marks: [String: Mark] = [:]
        marks.reserveCapacity(loose.count)
        try collect("", into: &marks)
        return marks
    }

    private func collect(_ prefix: String, into marks: inout [String: Mark]) throws(SystemError) {
        let path = "\(directory)/\(ReferenceLayout.references)/\(ReferenceLayout.tags)/\(prefix)"
        do throws(SystemError) {
            for name in try Directory.entries(path) where !ReferenceLayout.isLock(name) {
                let status = try FileStatus.ifPresent(path + name, followingLinks: false)
                guard let status else { continue }
                if status.isDirectory {
                    try collect("\(prefix)\(name)/", into: &marks)
                } else {
                    marks[prefix + name] = Mark(status)
                }
            }
        } catch {
            if !error.isAbsence { throw error }
        }
    }

    private static func differ(_ old: Mark?, _ new: Mark?) -> Bool {
        guard let old else { return new != nil }
        return old.status != new?.status || !old.isSettled
    }
}
