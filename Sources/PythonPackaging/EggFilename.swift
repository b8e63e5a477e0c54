/// The file name of an egg, setuptools' old built distribution: `Acme_Core-1.0-py2.7-linux-x86_64.egg`.
public struct EggFilename: Hashable, Sendable, CustomStringConvertible {
    /// What the file is a distribution of.
    public let project: ProjectName
    /// Its version.
    public let version: Version
    /// Such as `2.7`; `nil` where the name does not say.
    public let python: String?
    /// Such as `linux-x86_64`; `nil` for an egg that works everywhere.
    public let platform: String?
    /// The name as written.
    public let description: String

    private static let suffix = ".egg"

    /// Reads an egg's name; `nil` for anything else. `_` in its version may stand for `-`.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count > 4, text.hasSuffix(Self.suffix) else { return nil }
        let stem = String(text).utf8.dropLast(Self.suffix.utf8.count)
        let parts = stem.split(separator: UInt8(ascii: "-"), maxSplits: 3, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard parts.count >= 2, let project = ProjectName(parts[0]),
            !parts[1].utf8.contains(where: \.isSpace),
            let version = Version(parts[1]) ?? Version(parts[1].replacing("_", with: "-"))
        else { return nil }
        if parts.count > 2 && (!parts[2].hasPrefix("py") || parts[2] == "py") { return nil }
        if parts.count > 3 && parts[3].isEmpty { return nil }
        guard parts.dropFirst(2).allSatisfy({ $0.utf8.allSatisfy(Self.isTag) }) else { return nil }
        self.project = project
        self.version = version
        python = parts.count > 2 ? String(parts[2].dropFirst(2)) : nil
        platform = parts.count > 3 ? parts[3] : nil
        description = String(text)
    }

    /// What names of Pythons and platforms are made of; a slash is not.
    private static func isTag(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
    }
}
