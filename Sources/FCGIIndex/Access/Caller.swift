/// Who sent a request, as the web server says after it has authenticated them.
///
/// Only parameters that a web server sets itself count. What a client sends has a name that starts with `HTTP_` (RFC 3875
/// §4.1.18), so no client can be somebody by a header.
public struct Caller: Hashable, Sendable {
    /// `REMOTE_USER` (RFC 3875 §4.1.11); `nil` where nobody was authenticated.
    public var user: String?
    /// The groups that the web server knows the user to be in: `PYINDEX_GROUPS`, separated by commas.
    public var groups: Set<String>

    /// Somebody without a name.
    public static let anonymous = Caller(user: nil)

    /// Describes a caller. Who has no name is in no group.
    public init(user: String?, groups: Set<String> = []) {
        self.user = user?.isEmpty == true ? nil : user
        self.groups = self.user == nil ? [] : groups
    }

    /// Reads the parameters of a request.
    init(_ parameter: (StaticString) -> String?) {
        let names = parameter("PYINDEX_GROUPS")?.split(separator: ",") ?? []
        let groups = names.map { $0.trimmingBlanks }.filter { !$0.isEmpty }
        self.init(user: parameter("REMOTE_USER"), groups: Set(groups.map(String.init)))
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    var trimmingBlanks: Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) })
        else { return "" }
        return self[first...last]
    }
}
