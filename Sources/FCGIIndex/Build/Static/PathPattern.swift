/// A pattern of paths as PEP 639 has it: `*` and `?` within a name, `[...]` for one character of a set, `**` for any
/// directories.
struct PathPattern: Hashable, Sendable {
    private let segments: [[UInt8]]

    /// `nil` for what leads elsewhere, or is no pattern.
    init?(_ text: String) {
        let segments = text.split(separator: "/", omittingEmptySubsequences: false)
        let allowed = Set("._-*?[]".utf8)
        for segment in segments {
            let isPlain = segment.utf8.allSatisfy { $0.isBareKeyByte || allowed.contains($0) }
            if segment.isEmpty || segment == ".." || !isPlain { return nil }
            if segment.contains("**") && segment != "**" { return nil }
            // More stars mean nothing, and would take for ever.
            if segment != "**" && segment.utf8.count(where: { $0 == 42 }) > 3 { return nil }
            if segment.utf8.count(where: { $0 == 91 }) != segment.utf8.count(where: { $0 == 93 }) {
                return nil
            }
        }
        if segments.count(where: { $0 == "**" }) > 3 { return nil }
        self.segments = segments.map { Array($0.utf8) }
    }

    /// Whether the path is one of those meant.
    func matches(_ path: String) -> Bool {
        Self.matches(path.split(separator: "/").map { Array($0.utf8) }[...], segments[...])
    }

    private static func matches(_ path: ArraySlice<[UInt8]>, _ pattern: ArraySlice<[UInt8]>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == [42, 42] {
            let rest = pattern.dropFirst()
            return (0...path.count).contains { matches(path.dropFirst($0), rest) }
        }
        guard let name = path.first else { return false }
        return matchesName(name[...], first[...]) && matches(path.dropFirst(), pattern.dropFirst())
    }

    private static func matchesName(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == 42 {
            return (0...name.count).contains { matchesName(name.dropFirst($0), pattern.dropFirst()) }
        }
        guard let byte = name.first else { return false }
        if first == 91, let end = pattern.firstIndex(of: 93) {
            return isIn(byte, Array(pattern[(pattern.startIndex + 1)..<end]))
                && matchesName(name.dropFirst(), pattern[(end + 1)...])
        }
        return (first == 63 || first == byte) && matchesName(name.dropFirst(), pattern.dropFirst())
    }

    private static func isIn(_ byte: UInt8, _ set: [UInt8]) -> Bool {
        var position = 0
        while position < set.count {
            if position + 2 < set.count, set[position + 1] == 45 {
                if set[position] <= byte && byte <= set[position + 2] { return true }
                position += 3
            } else {
                if set[position] == byte { return true }
                position += 1
            }
        }
        return false
    }
}
