/// A tar as a back end, or somebody with bad intentions, may write it: nothing is checked here.
struct TarFixture {
    /// How a name that does not fit, or is not ASCII, is written.
    enum Dialect: CaseIterable {
        /// A pax header, as Python's tarfile writes it.
        case pax
        /// A GNU long name, as Rust's tar crate writes it.
        case gnu
    }

    /// One member; the defaults are what a careless back end leaves in it.
    struct Member {
        var name: [UInt8]
        var type: Character = "0"
        var body: [UInt8] = []
        var mode = 0o644
        var link: [UInt8] = []
        var owner = 1000
        var ownerName = "builder"
        var time = 1_712_345_678
        /// What the header says instead of the body's size.
        var announcedSize: Int?

        init(_ name: String, _ body: String = "") {
            self.name = Array(name.utf8)
            self.body = Array(body.utf8)
        }

        static func directory(_ name: String) -> Member {
            var member = Member(name)
            member.type = "5"
            member.mode = 0o755
            return member
        }

        static func link(_ name: String, to target: String, type: Character = "2") -> Member {
            var member = Member(name)
            member.type = type
            member.link = Array(target.utf8)
            return member
        }

        static func special(_ name: String, type: Character) -> Member {
            var member = Member(name)
            member.type = type
            return member
        }
    }

    var members: [Member] = []
    var dialect = Dialect.pax

    /// The tar itself.
    var bytes: [UInt8] {
        members.flatMap { Self.longNames(of: $0, dialect) + Self.header($0) + Self.padded($0.body) }
            + [UInt8](repeating: 0, count: 1024)
    }

    /// The tar in a gzip file whose header has a name and a time.
    var compressed: [UInt8] { Self.gzip(bytes) }

    /// Stored blocks only (RFC 1951 §3.2.4), so that nothing but arithmetic is needed.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var file: [UInt8] = [0x1f, 0x8b, 8, 8, 1, 2, 3, 4, 0, 255] + Array("dist.tar\0".utf8)
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65535)
            rest = rest.dropFirst(65535)
            let count = UInt16(block.count)
            file.append(rest.isEmpty ? 1 : 0)
            for half in [count, ~count] { file += [UInt8(half & 255), UInt8(half >> 8)] }
            file += block
        } while !rest.isEmpty
        for word in [checksum(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
            file += (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
        return file
    }

    /// The CRC of RFC 1952 §8.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xedb8_8320 ^ (sum >> 1) : sum >> 1
            }
        }
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }

    private static func longNames(of member: Member, _ dialect: Dialect) -> [UInt8] {
        func isLong(_ name: [UInt8]) -> Bool {
            name.count > 100 || (dialect == .pax && name.contains { $0 > 127 })
        }
        var extra: [UInt8] = []
        switch dialect {
        case .gnu:
            for (name, type) in [(member.name, Character("L")), (member.link, "K")] where isLong(name) {
                var long = Member("././@LongLink")
                long.type = type
                long.body = name + [0]
                extra += header(long) + padded(long.body)
            }
        case .pax:
            var pax = Member("PaxHeader.4711/x")
            pax.type = "x"
            pax.body = record("mtime", Array("1712345678.25".utf8))
            if isLong(member.name) { pax.body += record("path", member.name) }
            if isLong(member.link) { pax.body += record("linkpath", member.link) }
            pax.body += record("uname", Array("Jörg".utf8))
            extra += header(pax) + padded(pax.body)
        }
        return extra
    }

    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value + [10]
        let length = (1...4).map { rest.count + $0 }.first { String($0).utf8.count == $0 - rest.count } ?? 0
        return Array(String(length).utf8) + rest
    }

    private static func header(_ member: Member) -> [UInt8] {
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array(String(repeating: "0", count: width - 1 - digits.utf8.count).utf8) + digits.utf8 + [
                0
            ]
        }
        func field(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
            Array(bytes.prefix(width)) + [UInt8](repeating: 0, count: max(0, width - bytes.count))
        }
        var block = field(member.name, 100) + octal(member.mode, 8)
        block += octal(member.owner, 8) + octal(member.owner, 8)
        block += octal(member.announcedSize ?? member.body.count, 12) + octal(member.time, 12)
        block += Array("        ".utf8) + Array(String(member.type).utf8) + field(member.link, 100)
        block += Array("ustar\u{0}00".utf8) + field(Array(member.ownerName.utf8), 32)
        block = field(block + field(Array(member.ownerName.utf8), 32) + octal(7, 8) + octal(7, 8), 512)
        block.replaceSubrange(148..<156, with: octal(block.reduce(0) { $0 + Int($1) }, 7) + Array(" ".utf8))
        return block
    }
}
