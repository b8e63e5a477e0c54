/// A repository on GitHub: who has it, and its name there. In lower case, since GitHub does not tell cases apart.
public struct GitHubRepository: Hashable, Sendable, CustomStringConvertible {
    /// The account or organization.
    public let owner: String
    /// What its owner calls it.
    public let name: String

    /// `nil` where one of them is no such name; so each may stand in a URL and in a path as it is.
    public init?(owner: String, name: String) {
        let name = name.lowercased()
        guard let owner = Self.owner(owner), (1...100).contains(name.utf8.count), name != ".", name != "..",
            name.utf8.allSatisfy({ Self.isPlain($0) || $0 == UInt8(ascii: ".") })
        else { return nil }
        (self.owner, self.name) = (owner, name)
    }

    /// Reads `owner/name`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(owner: String(parts[0]), name: String(parts[1]))
    }

    /// The login of an account in lower case; `nil` for what is none. Those of an enterprise have an underscore.
    static func owner(_ login: String) -> String? {
        let isLogin = (1...100).contains(login.utf8.count) && login.utf8.allSatisfy(isPlain)
        return isLogin && !login.hasPrefix("-") ? login.lowercased() : nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// As GitHub writes it.
    public var description: String { "\(owner)/\(name)" }
}
