internal import Glibc

/// A user of the system and the groups it is in, and what these may do with files.
public struct User: Hashable, Sendable {
    /// The login name.
    public let name: String
    /// The user id.
    public let id: UInt32
    /// The ids of all its groups, its own first.
    public let groups: [UInt32]

    /// Looks `name` up; `nil` when there is no such user.
    public init?(_ name: String) {
        guard let entry = getpwnam(name) else { return nil }
        self.name = name
        id = entry.pointee.pw_uid
        var count: Int32 = 256
        var groups = [gid_t](repeating: 0, count: Int(count))
        guard getgrouplist(name, entry.pointee.pw_gid, &groups, &count) >= 0 else { return nil }
        self.groups = Array(groups[..<Int(count)])
    }

    /// Looks `id` up; one that has no entry is in no group but that of its own number.
    public init(id: UInt32) {
        if let entry = getpwuid(id), let user = User(String(cString: entry.pointee.pw_name)) {
            self = user
        } else {
            self.init(name: String(id), id: id, groups: [id])
        }
    }

    /// A user as a process has it: with these groups, whatever the system's database says.
    public init(name: String, id: UInt32, groups: [UInt32]) {
        self.name = name
        self.id = id
        self.groups = groups
    }

    /// Whom the running process `process` acts as, its supplementary groups included; `nil` where there is none.
    public init?(ofProcess process: Int32) {
        guard let status = try? File.read("/proc/\(process)/status") else { return nil }
        var numbers: [Substring: [UInt32]] = [:]
        for line in String(decoding: status, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, ["Uid", "Gid", "Groups"].contains(parts[0]) else { continue }
            numbers[parts[0]] = parts[1].split { $0 == "\t" || $0 == " " }.compactMap { UInt32($0) }
        }
        // Real, effective, saved, file system (proc(5)).
        guard let users = numbers["Uid"], let groups = numbers["Gid"], users.count > 3, groups.count > 3
        else {
            return nil
        }
        let rest = (numbers["Groups"] ?? []).filter { $0 != groups[3] }
        self.init(name: User(id: users[3]).name, id: users[3], groups: [groups[3]] + rest)
    }

    /// Who runs this process, for a record of who did what: the login name of its real user, the number where there
    /// is none. Of somebody who became root by sudo, the name before that.
    public static var login: String {
        if getuid() == 0, let before = processEnvironment()["SUDO_USER"], !before.isEmpty { return before }
        guard let entry = getpwuid(getuid()) else { return String(getuid()) }
        return String(cString: entry.pointee.pw_name)
    }

    /// What is asked of a file; the bits of `chmod`, for one class.
    public struct Access: OptionSet, Hashable, Sendable {
        /// The three bits.
        public let rawValue: UInt32
        /// Takes the three bits of one class.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// Read the file, or list the directory.
        public static let read = Access(rawValue: 4)
        /// Write to the file, or change entries of the directory.
        public static let write = Access(rawValue: 2)
        /// Run the file, or pass through the directory.
        public static let enter = Access(rawValue: 1)
    }

    /// Whether the permission bits of `status` allow `access`. Access control lists are not looked at.
    public func may(_ access: Access, _ status: FileStatus) -> Bool {
        if id == 0 { return true }
        let shift: UInt32 = status.owner == id ? 6 : groups.contains(status.group) ? 3 : 0
        return (status.mode >> shift) & access.rawValue == access.rawValue
    }

    /// The first directory above `path` that this user cannot enter; `nil` when the way is free.
    public func obstacle(to path: String) throws(SystemError) -> String? {
        var directories: [String] = []
        var current = path
        while current != "/" && current != "." {
            current = Directory.parent(of: current)
            directories.append(current)
        }
        for directory in directories.reversed() where !may(.enter, try FileStatus(path: directory)) {
            return directory
        }
        return nil
    }
}
