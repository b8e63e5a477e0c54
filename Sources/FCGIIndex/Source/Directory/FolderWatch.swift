internal import Glibc
internal import POSIX

/// Tells which entries of a folder's directories changed.
protocol FolderWatch: AnyObject {
    /// Says without a lock whether `changes()` would find something; `nil` where only asking can tell.
    var signal: InotifySignal? { get }
    /// Watches a directory from now on, by the way to it from the folder.
    func add(_ directory: String) throws(SystemError)
    /// Ends that.
    func remove(_ directory: String)
    /// What happened since the last call.
    func changes(_ table: FolderTable) throws(SystemError) -> FolderChanges
}

/// What a watch saw.
enum FolderChanges {
    /// Entries to look at, and directories that came, went, or are to be read again: with all below them, where
    /// `isDeep`.
    case some(files: [FilePlace: KeptFile.Cause], directories: Set<String>, isDeep: Bool)
    /// The watch no longer sees everything: all must be read again.
    case lost
}

/// Watches by inotify: one read tells that nothing happened, however many files there are.
final class InotifyFolderWatch: FolderWatch {
    private let root: String
    private let instance: InotifySignal
    private var directories: [Int32: String] = [:]
    private var watches: [String: Int32] = [:]
    private var isLost = false

    /// - Throws: `EMFILE` past `fs.inotify.max_user_instances`.
    init(_ root: String) throws(SystemError) {
        self.root = root
        instance = try InotifySignal()
    }

    var signal: InotifySignal? { instance }

    /// - Throws: `ENOSPC` past `fs.inotify.max_user_watches`; absence of the directory.
    func add(_ directory: String) throws(SystemError) {
        let path = directory.isEmpty ? root : "\(root)/\(directory)"
        let watch = try instance.inotify.watch(path, for: Inotify.allChanges)
        // The same directory under another name has the same number.
        directories[watch] = directory
        watches[directory] = watch
    }

    func remove(_ directory: String) {
        guard let watch = watches.removeValue(forKey: directory), directories[watch] == directory else {
            return
        }
        instance.inotify.unwatch(watch)
        directories[watch] = nil
    }

    func changes(_ table: FolderTable) throws(SystemError) -> FolderChanges {
        var files: [FilePlace: KeptFile.Cause] = [:]
        var changed: Set<String> = []
        for event in try instance.inotify.events() {
            if event.isOverflow { isLost = true }
            guard let directory = directories[event.watch] else { continue }
            if event.concernsWatchItself {
                // Of other directories the one above tells.
                if directory.isEmpty { isLost = true }
                if event.isGone { directories[event.watch] = nil }
                continue
            }
            let place = FilePlace(folder: directory, name: event.name)
            if event.isDirectory {
                changed.insert(place.path)
            } else {
                files[place] = Self.cause(event, after: files[place])
            }
        }
        return isLost ? .lost : .some(files: files, directories: changed, isDeep: true)
    }

    private static func cause(_ event: Inotify.Event, after earlier: KeptFile.Cause?) -> KeptFile.Cause {
        if event.isWhole { return .whole }
        if event.isWriting { return .writing }
        return event.isMade ? .made : earlier ?? .touched
    }
}

extension Inotify.Event {
    /// Something came or went under this name.
    fileprivate var isMade: Bool { mask & UInt32(IN_CREATE | IN_DELETE | IN_MOVED_FROM) != 0 }
}
