public import PythonPackaging

/// Which versions are meant: one, all that begin alike, or all that meet conditions.
///
/// - `1.0` is that version in every spelling, `1.0.0` and `v1.0` too (PEP 440 "Version matching").
/// - `1.2.*` is every version that begins so, `1.2` and `1.2.0rc1` too.
/// - `*rc*`, `1.?`: a pattern over the normalized version, where `*` is any characters and `?` one.
/// - `<1.3`, `>=2,!=2.1`: PEP 440 version specifiers.
///
/// The first character and the stars tell which it is, so no text can be read in two ways.
public struct VersionPattern: Sendable, CustomStringConvertible {
    private enum Form: Hashable {
        case version(Version)
        case specifiers(VersionSpecifiers)
        case glob(Glob)
    }

    /// As written, without white space around it.
    public let description: String
    private let form: Form

    /// Reads one of the forms above; `nil` for the rest.
    public init?(_ text: String) {
        let trimmed = String(
            text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
        )
        guard let form = Self.form(trimmed) else { return nil }
        self.form = form
        description = trimmed
    }

    private static func form(_ text: String) -> Form? {
        guard let first = text.utf8.first else { return nil }
        if "<>=!~".utf8.contains(first) { return VersionSpecifiers(text).map { .specifiers($0) } }
        if !text.contains("*") && !text.contains("?") { return Version(text).map { .version($0) } }
        // Not a pattern over text: that would take 1.2.0 and leave 1.2, which is the same version.
        if !text.contains("?"), let beginning = VersionSpecifiers("==" + text) {
            return .specifiers(beginning)
        }
        let pattern = text.lowercased()
        return pattern.utf8.allSatisfy(\.mayStandInPattern) ? .glob(Glob(pattern)) : nil
    }

    /// Whether `version` is meant.
    public func matches(_ version: Version) -> Bool {
        switch form {
        case .version(let wanted): version == wanted
        case .specifiers(let specifiers): specifiers.contains(version)
        case .glob(let glob): glob.matches(version.description)
        }
    }
}

extension VersionPattern: Hashable {
    /// Equal when they mean the same: `1.0` and `1.0.0` do, and `1.2.*` and `==1.2.*`.
    public static func == (left: Self, right: Self) -> Bool { left.form == right.form }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(form) }
}

extension UInt8 {
    /// What normalized versions are made of, and the signs of a pattern. Anything else could never match.
    fileprivate var mayStandInPattern: Bool {
        switch self {
        case 48...57, 97...122: true
        default: ".!+*?".utf8.contains(self)
        }
    }
}
