internal import Glibc
internal import POSIX
internal import PythonPackaging

/// A folder while it stays in its place: its table, kept up with its directories.
struct FolderSession {
    /// What is known of files before they are looked at, by their paths.
    typealias Knowledge = [String: (stamp: FileStamp, facts: FileFacts)]

    /// The folder without symbolic links.
    let root: String
    /// The folder's inode, by which it is known again.
    let inode: UInt64
    /// Whether nothing at all lay in the folder at first.
    let isEmpty: Bool
    private let device: UInt64
    private let watch: any FolderWatch
    private(set) var table: FolderTable
    /// The directories that could not be read, and why.
    private(set) var unreadable: [String: SystemError] = [:]
    /// The projects with files in them, as far as it is known.
    private(set) var blocked: [ProjectName: String] = [:]
    private var known: Knowledge
    private var reading: FirstReading?

    /// Reads the whole folder at `path`. Blocks.
    ///
    /// - Parameter reading: is told of files of which nothing is known.
    init(
        _ path: String,
        packages: [NamePattern]?,
        known: Knowledge,
        reading: FirstReading?,
        watch makeWatch: (_ root: String) throws(SystemError) -> any FolderWatch
    ) throws(SystemError) {
        root = try File.resolve(path)
        let status = try FileStatus(path: root)
        guard status.isDirectory else { throw SystemError("opendir", path: root, code: ENOTDIR) }
        (device, inode) = (status.device, status.inode)
        table = FolderTable(packages: packages)
        watch = try makeWatch(root)
        (self.known, self.reading) = (known, reading)
        isEmpty = try Directory.entries(root).isEmpty
        _ = try read("", isDeep: true)
        (self.known, self.reading) = ([:], nil)
    }

    /// Whether the same directory is still at `path`.
    func isAt(_ path: String) -> Bool { FolderMark(path) == mark }

    /// What tells whether the same directory is still there.
    var mark: FolderMark { FolderMark(device: device, inode: inode) }

    /// Says without a lock whether `update()` would find something; `nil` where only asking can tell.
    var signal: InotifySignal? { watch.signal }

    /// Takes in what happened since the last call, and names the projects that look different; `nil` when the
    /// folder must be read anew.
    mutating func update() throws(SystemError) -> Set<ProjectName>? {
        guard case .some(let files, let directories, let isDeep) = try watch.changes(table) else {
            return nil
        }
        var changed: Set<ProjectName> = []
        for directory in directories.sorted() { changed.formUnion(try read(directory, isDeep: isDeep)) }
        for (place, cause) in files where table.contains(place.folder) {
            changed.formUnion(try look(at: place, cause, isDeep: isDeep))
        }
        let now = WallClock.now
        for (place, time) in table.due where time <= now {
            changed.formUnion(try look(at: place, .look, isDeep: false))
        }
        return changed
    }

    mutating func record(_ facts: FileFacts, stamp: FileStamp, at place: FilePlace) {
        table.record(facts, stamp: stamp, at: place)
    }

    mutating func doubt(_ place: FilePlace) { table.doubt(place) }

    private func path(_ place: String) -> String { place.isEmpty ? root : "\(root)/\(place)" }

    // MARK: Directories

    /// Reads a directory that came, went or changed; where `isDeep`, all below it too, else only what is new.
    private mutating func read(_ directory: String, isDeep: Bool) throws(SystemError) -> Set<ProjectName> {
        let names: [String]
        do throws(SystemError) {
            let status = try FileStatus.ifPresent(path(directory), followingLinks: false)
            guard status?.isDirectory == true else { return drop(directory) }
            // The watch comes before the listing: what is made in between is seen twice rather than never.
            try watch.add(directory)
            names = try Directory.entries(path(directory))
        } catch {
            if directory.isEmpty || error.code == ENOSPC || error.code == EMFILE { throw error }
            return error.isAbsence ? drop(directory) : block(directory, error)
        }
        unblock(directory)
        table.add(directory)
        var changed: Set<ProjectName> = []
        let gone = table.names(in: directory).subtracting(names)
        for name in gone + names {
            let place = FilePlace(folder: directory, name: name)
            do throws(SystemError) {
                changed.formUnion(try look(at: place, .look, isDeep: isDeep))
            } catch {
                // Such as a directory that may be listed and not entered: the others are not concerned.
                if directory.isEmpty || !Self.isLocal(error) { throw error }
                return changed.union(block(directory, error))
            }
        }
        return changed
    }

    private static func isLocal(_ error: SystemError) -> Bool {
        [EACCES, EIO, ELOOP, ENAMETOOLONG].contains(error.code)
    }

    /// Forgets a directory and all below it.
    private mutating func drop(_ directory: String) -> Set<ProjectName> {
        unblock(directory)
        guard table.contains(directory) else { return [] }
        var changed: Set<ProjectName> = []
        for inner in table.directories(in: directory) { changed.formUnion(drop(inner)) }
        watch.remove(directory)
        return changed.union(table.remove(directory))
    }

    /// Notes a directory that cannot be read: what it had is unavailable, and not gone.
    private mutating func block(_ directory: String, _ error: SystemError) -> Set<ProjectName> {
        var lost: Set<ProjectName> = []
        for path in known.keys where path.hasPrefix(directory + "/") {
            if case .file(let file) = table.intent(FilePlace(path: path)) { lost.insert(file.project) }
        }
        let changed = drop(directory).union(lost)
        unreadable[directory] = error
        for project in changed { blocked[project] = directory }
        return changed
    }

    private mutating func unblock(_ directory: String) {
        if unreadable.removeValue(forKey: directory) == nil { return }
        blocked = blocked.filter { $0.value != directory }
    }

    // MARK: Entries

    /// Finds out what is at `place` now.
    private mutating func look(
        at place: FilePlace,
        _ cause: KeptFile.Cause,
        isDeep: Bool
    ) throws(SystemError) -> Set<ProjectName> {
        let own = place.path
        let path = path(own)
        guard let status = try FileStatus.ifPresent(path, followingLinks: false) else {
            return table.remove(place).union(drop(own))
        }
        if status.isDirectory {
            if place.name.hasPrefix(".") { return table.skip(place, .hidden) }
            return isDeep || !table.contains(own) ? try read(own, isDeep: isDeep) : []
        }
        let changed = drop(own)
        switch table.intent(place) {
        case .skip(let reason): return changed.union(table.skip(place, reason))
        case .companion:
            // As a file that is listed: a link may not lead out of the folder.
            if case .skipped(let reason) = FolderEntry(path, status, below: root) {
                return changed.union(table.skip(place, reason))
            }
            return changed.union(table.accompany(place))
        case .file(let filename):
            let kept: KeptFile
            var target = path
            switch FolderEntry(path, status, below: root) {
            case .skipped(let reason): return changed.union(table.skip(place, reason))
            case .file(let status): kept = keep(status, at: place, path, cause)
            case .linked(let status, let path):
                target = path
                kept = keep(status, at: place, path, cause, isLink: true)
            }
            if let reading, kept.facts == nil, kept.readiness == .ready {
                reading.add(FileBatch.Job(place: place, path: target, file: filename))
            }
            return changed.union(table.put(kept, at: place, of: filename.project))
        }
    }

    /// - Parameter path: the file itself, to which a symbolic link may have led.
    private func keep(
        _ status: FileStatus,
        at place: FilePlace,
        _ path: String,
        _ cause: KeptFile.Cause,
        isLink: Bool = false
    ) -> KeptFile {
        if !known.isEmpty, let (stamp, facts) = known[place.path], stamp == FileStamp(status) {
            return KeptFile(stamp: stamp, facts: facts, isLink: isLink)
        }
        return KeptFile(
            status,
            isLink: isLink,
            cause: cause,
            earlier: table[place],
            now: WallClock.now,
            isBeingWritten: { File.isBeingWritten(path) }
        )
    }
}
