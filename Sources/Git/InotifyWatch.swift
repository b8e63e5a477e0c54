internal import CLinux
internal import Glibc
internal import POSIX

/// Watches by inotify: one read tells that nothing happened, however many tags there are.
final class InotifyWatch: ReferenceWatch {
    private enum Place {
        /// The directory of `packed-refs`.
        case common
        /// `refs`, where `tags` itself may come and go.
        case references
        /// A directory at or below `refs/tags`, and what its tags' names begin with: `""`, `"acme/"`.
        case tags(prefix: String)
        /// A directory on the way to the repository, or itself.
        case way
    }

    private let directory: String
    private(set) var signal: RepositorySignal?
    private var inotify: Inotify { _read { yield instance.inotify } }
    private let instance: InotifySignal
    private var places: [Int32: Place] = [:]
    private var isLost = false

    /// Sets all watches, so that what happens afterwards is seen.
    ///
    /// - Parameters:
    ///   - directory: the common directory of the repository.
    ///   - place: where it is.
    /// - Throws: `EMFILE` or `ENOSPC` past the limits of inotify; absence of the directory.
    init(_ directory: String, at place: RepositoryPlace) throws(SystemError) {
        self.directory = directory
        instance = try InotifySignal()
        places[try inotify.watch(directory, for: Inotify.entryChanges)] = .common
        let references = "\(directory)/\(ReferenceLayout.references)"
        places[try inotify.watch(references, for: Inotify.entryChanges)] = .references
        var ignored: Set<String> = []
        try watchTags(prefix: "", &ignored)
        // What happened to the place before they were set is seen by the look behind them.
        let seesPlace = watchWay(to: place) && place.isUnchanged
        signal = RepositorySignal(instance, at: place, seesPlace: seesPlace)
    }

    /// Watches for what is put in the repository's place; false where a link or a permission is in the way.
    private func watchWay(to place: RepositoryPlace) -> Bool {
        // Of a linked working tree the repository is elsewhere.
        guard let way = place.way, let other = RepositoryPlace.way(to: directory) else { return false }
        for directory in way + other {
            // One may be watched already, for more.
            let mask = UInt32(IN_MOVE_SELF | IN_DELETE_SELF) | UInt32(IN_MASK_ADD)
            guard let number = try? inotify.watch(directory, for: mask) else { return false }
            if places[number] == nil { places[number] = .way }
        }
        return true
    }

    /// Whether the kernel tells of every change below `directory`: not of those made on another machine,
    /// nor of those to a file that `packed-refs` merely links to.
    static func seesEverything(in directory: String) throws(SystemError) -> Bool {
        let packed = "\(directory)/\(ReferenceLayout.packed)"
        if let status = try FileStatus.ifPresent(packed, followingLinks: false), status.isSymbolicLink {
            return false
        }
        if try RemoteFileSystem.holds(directory) { return false }
        return try !RemoteFileSystem.holds("\(directory)/\(ReferenceLayout.references)")
    }

    func changes() throws(SystemError) -> ReferenceChanges {
        if isLost { return .lost }
        let events = try inotify.events()
        if events.isEmpty { return .none }
        var names: Set<String> = []
        var everything = false
        for event in events {
            if event.isOverflow { isLost = true }
            // An event of a watch that ended, and whose end was handled.
            guard let place = places[event.watch] else { continue }
            switch place {
            case .common: noteCommon(event, &everything)
            case .references: noteReferences(event)
            case .tags(let prefix): try note(event, prefix, &names)
            case .way: isLost = true
            }
        }
        if isLost { return .lost }
        if everything { return .everything(names) }
        return names.isEmpty ? .none : .names(names)
    }

    private func noteCommon(_ event: Inotify.Event, _ everything: inout Bool) {
        if event.concernsWatchItself || event.name == ReferenceLayout.references
            || event.name == ReferenceLayout.configuration
        {
            isLost = true
        } else if event.name == ReferenceLayout.packed {
            everything = true
        }
    }

    private func noteReferences(_ event: Inotify.Event) {
        if event.concernsWatchItself || event.name == ReferenceLayout.tags { isLost = true }
    }

    private func note(
        _ event: Inotify.Event,
        _ prefix: String,
        _ names: inout Set<String>
    ) throws(SystemError) {
        if event.concernsWatchItself {
            // A directory below that ended was emptied first, which was told name by name.
            if prefix.isEmpty || !event.isEnd { isLost = true }
            if event.isGone { places[event.watch] = nil }
        } else if event.isDirectory {
            if event.mask & UInt32(IN_CREATE) != 0 {
                try watchTags(prefix: "\(prefix)\(event.name)/", &names)
            } else if event.isMove {
                isLost = true
            }
        } else if !ReferenceLayout.isLock(event.name) {
            names.insert(prefix + event.name)
        }
    }

    /// Watches a directory of tags and those below it, and collects the tags there.
    ///
    /// The watch comes before the listing: what is made in between is seen twice rather than never.
    private func watchTags(prefix: String, _ names: inout Set<String>) throws(SystemError) {
        let path = "\(directory)/\(ReferenceLayout.references)/\(ReferenceLayout.tags)/\(prefix)"
        do throws(SystemError) {
            places[try inotify.watch(path, for: Inotify.entryChanges)] = .tags(prefix: prefix)
            for name in try Directory.entries(path) where !ReferenceLayout.isLock(name) {
                // A tag that is gone again is one whose absence is to be told.
                let status = try FileStatus.ifPresent(path + name, followingLinks: false)
                if let status, status.isDirectory {
                    try watchTags(prefix: "\(prefix)\(name)/", &names)
                } else {
                    names.insert(prefix + name)
                }
            }
        } catch {
            // git removes directories it has emptied at any time.
            if !error.isAbsence { throw error }
        }
    }
}
