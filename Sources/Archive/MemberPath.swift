/// A member's place below the archive's top directory: no empty, `.` or `..` component, valid UTF-8.
///
/// Bytes and not a `String`, whose equality would take two spellings of one Unicode name for the same file.
struct MemberPath: Hashable, Comparable {
    /// Without the top directory and without a slash at either end; empty for the top directory itself.
    let bytes: [UInt8]

    static let root = MemberPath(bytes: [])
    static let packageInfo = MemberPath(bytes: Array("PKG-INFO".utf8))
    private static let slash = UInt8(ascii: "/")
    private static let longest = 1024

    /// Splits a member's name as the archive has it into the top directory and the path below it.
    static func parse(_ name: [UInt8]) throws(ArchiveError) -> (top: [UInt8], path: MemberPath) {
        if name.first == slash { throw .refused(.absolutePath, name) }
        if name.count > longest { throw .refused(.longPath, name) }
        guard let text = String(validating: name, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw .refused(.unreadableName, name) }
        // A backslash separates directories where the package may be unpacked later.
        if name.split(whereSeparator: { $0 == slash || $0 == UInt8(ascii: "\\") }).contains(where: isParent) {
            throw .refused(.parentPath, name)
        }
        let components = name.split(separator: slash).filter { $0 != [UInt8(ascii: ".")] }
        guard let top = components.first else { throw .refused(.emptyName, name) }
        return (Array(top), MemberPath(bytes: Array(components.dropFirst().joined(separator: [slash]))))
    }

    /// The directory that holds this member; `nil` for the top directory.
    var parent: MemberPath? {
        if bytes.isEmpty { return nil }
        guard let end = bytes.lastIndex(of: Self.slash) else { return .root }
        return MemberPath(bytes: Array(bytes[..<end]))
    }

    /// The entry `name` of this directory.
    func appending(_ name: some Collection<UInt8>) -> MemberPath {
        MemberPath(bytes: bytes.isEmpty ? Array(name) : bytes + [Self.slash] + name)
    }

    static func isParent(_ component: some Collection<UInt8>) -> Bool {
        component.elementsEqual("..".utf8)
    }

    static func < (left: Self, right: Self) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
