/// A zip as a tool, or somebody with bad intentions, may write it: members are stored, and nothing is checked.
public struct ZipFixture: Sendable {
    /// One member.
    public struct Member: Sendable {
        /// With a slash at its end, a directory.
        public var name: String
        /// What is stored.
        public var body: [UInt8]
        /// What the headers say instead of the body's checksum.
        public var checksum: UInt32?
        /// What the headers say of the size before compression, and that the body is deflated.
        public var announcedSize: UInt32?

        /// A stored file.
        public init(_ name: String, _ body: String = "") {
            self.name = name
            self.body = Array(body.utf8)
        }
    }

    /// The members, in the order of the file.
    public var members: [Member]

    /// Takes the members in the order of the file.
    public init(_ members: [Member]) { self.members = members }

    /// A wheel of one module, whose metadata says what its file name does.
    public static func wheel(
        _ project: String = "acme-core",
        _ version: String = "1.0",
        metadata more: String = "",
        content: String = ""
    ) -> ZipFixture {
        let stem = project.lowercased().map { "-.".contains($0) ? "_" : String($0) }.joined()
        let information = "\(stem)-\(version).dist-info"
        let metadata = "Metadata-Version: 2.1\nName: \(project)\nVersion: \(version)\n\(more)"
        return ZipFixture([
            Member("\(stem)/__init__.py", "VERSION = \"\(version)\"\n\(content)"),
            Member("\(information)/METADATA", metadata),
            Member(
                "\(information)/WHEEL",
                "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            ),
            Member("\(information)/RECORD", ""),
        ])
    }

    /// The file.
    public var bytes: [UInt8] {
        var file: [UInt8] = []
        var list: [UInt8] = []
        for member in members {
            let offset = UInt32(file.count)
            let fields = Self.fields(member)
            let name = Array(member.name.utf8)
            file += [0x50, 0x4b, 3, 4] + fields + name + member.body
            list += [0x50, 0x4b, 1, 2] + Self.number(20, 2) + fields + [UInt8](repeating: 0, count: 10)
            list += Self.number(offset, 4) + name
        }
        let count = Self.number(UInt32(members.count), 2)
        let end = [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + count + count + Self.number(UInt32(list.count), 4)
        return file + list + end + Self.number(UInt32(file.count), 4) + [0, 0]
    }

    /// What both headers of a member have in common.
    private static func fields(_ member: Member) -> [UInt8] {
        let method: UInt32 = member.announcedSize == nil ? 0 : 8
        let size = UInt32(member.body.count)
        return number(20, 2) + number(0, 2) + number(method, 2) + number(0, 4)
            + number(member.checksum ?? checksum(member.body), 4) + number(size, 4)
            + number(member.announcedSize ?? size, 4) + number(UInt32(member.name.utf8.count), 2)
            + number(0, 2)
    }

    private static func number(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
