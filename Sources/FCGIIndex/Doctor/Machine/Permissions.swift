internal import Glibc
internal import POSIX

/// Mode, owner and group of a file, as people read them.
struct Permissions: CustomStringConvertible {
    private let status: FileStatus

    init(_ status: FileStatus) { self.status = status }

    /// Such as `0660 of pyindex:www-data`.
    var description: String {
        let mode = String(status.mode & 0o7777, radix: 8)
        let digits = String(repeating: "0", count: max(0, 4 - mode.utf8.count)) + mode
        return "\(digits) of \(User(id: status.owner).name):\(Group.name(of: status.group))"
    }
}

extension User {
    /// The name of its own group.
    var groupName: String { groups.first.map { Group.name(of: $0) } ?? name }
}
