public import PythonPackaging

/// A project name, or the start of many: `acme-*`. Compared in normalized form.
public struct NamePattern: Hashable, Sendable, CustomStringConvertible {
    private let stem: String
    private let isPrefix: Bool

    /// Reads a name with at most one `*`, at its end; `nil` for anything else. `"*"` matches every name.
    public init?(_ text: String) {
        isPrefix = text.hasSuffix("*")
        let written = isPrefix ? String(text.dropLast()) : text
        if isPrefix && written.isEmpty {
            stem = ""
            return
        }
        // "acme-" is no name, but it is how a prefix is written: its separator is normalized like any other.
        let endsInSeparator = isPrefix && "-_.".contains(written.last!)
        let core = endsInSeparator ? String(written.dropLast()) : written
        guard let name = ProjectName(core) else { return nil }
        stem = endsInSeparator ? name.normalized + "-" : name.normalized
    }

    /// Whether `name` is meant.
    public func matches(_ name: ProjectName) -> Bool {
        isPrefix ? name.normalized.hasPrefix(stem) : name.normalized == stem
    }

    /// Whether every name is meant.
    var isAll: Bool { isPrefix && stem.isEmpty }

    /// Whether this means every name that `other` means.
    func covers(_ other: NamePattern) -> Bool {
        isPrefix ? other.stem.hasPrefix(stem) : !other.isPrefix && other.stem == stem
    }

    /// As it is written in messages and files.
    public var description: String { isPrefix ? stem + "*" : stem }
}
