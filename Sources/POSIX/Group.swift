public import Glibc

/// A group of the system's group database, by name or number.
public struct Group: Hashable, Sendable {
    /// The group's number.
    public let id: gid_t

    /// Looks `name` up, a decimal number being the id itself; `nil` when there is no such group.
    public init?(_ name: String) {
        if let id = gid_t(name) {
            self.id = id
        } else if let entry = getgrnam(name) {
            id = entry.pointee.gr_gid
        } else {
            return nil
        }
    }
}

extension Group {
    /// The name of the group `id`, or its number where it has none.
    public static func name(of id: gid_t) -> String {
        getgrgid(id).map { String(cString: $0.pointee.gr_name) } ?? String(id)
    }
}
