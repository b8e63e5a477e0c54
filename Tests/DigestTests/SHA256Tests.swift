import Digest
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    @Test(
        "The examples of the standard come out",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ]
    )
    func vectors(_ text: String, _ hex: String) {
        #expect(SHA256.hash(Array(text.utf8)).description == hex)
    }

    @Test("The pieces do not matter", arguments: [1, 3, 63, 64, 65, 1000])
    func pieces(_ size: Int) {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var digest = SHA256()
        bytes.withUnsafeBytes { all in
            digest.update(UnsafeRawBufferPointer(start: nil, count: 0))
            for start in stride(from: 0, to: all.count, by: size) {
                digest.update(UnsafeRawBufferPointer(rebasing: all[start..<min(start + size, all.count)]))
            }
        }
        #expect(digest.finalize() == SHA256.hash(bytes))
    }

    @Test("A digest that is thrown away half-way harms no other")
    func abandoned() {
        for _ in 0..<1000 {
            var digest = SHA256()
            [1, 2, 3].withUnsafeBytes { digest.update($0) }
        }
        #expect(SHA256.hash([]).description.hasPrefix("e3b0c44298fc1c14"))
    }
}

@Suite("SHA-256 as text")
struct SHA256DigestTests {
    private static let hex = "00ff10a0123456789abcdef0deadbeefba7816bf8f01cfea414140de5dae2223"

    @Test("Hexadecimal digits of either case are read, and written in lower case")
    func reads() throws {
        let digest = try #require(SHA256Digest(hex: Self.hex.uppercased()))
        #expect(digest.description == Self.hex)
        #expect(digest == SHA256Digest(hex: Self.hex))
        #expect(digest == SHA256Digest(hex: "x\(Self.hex)".dropFirst()))
    }

    @Test("Digests that differ in one digit anywhere are different", arguments: 0..<64)
    func differs(_ place: Int) throws {
        var digits = Array(Self.hex)
        digits[place] = digits[place] == "1" ? "2" : "1"
        let other = try #require(SHA256Digest(hex: String(digits)))
        #expect(other != SHA256Digest(hex: Self.hex))
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", String(hex.dropLast()), hex + "0", "g" + hex.dropFirst(), " " + hex.dropFirst(),
            "0x" + hex.dropFirst(2),
            "０" + hex.dropFirst(3), hex + "\n",
        ]
    )
    func refuses(_ text: String) {
        #expect(SHA256Digest(hex: text) == nil)
    }

    @Test("Digests as keys find their values")
    func keys() {
        let digests = (0..<1000).map { SHA256.hash([UInt8($0 % 256), UInt8($0 / 256)]) }
        let table = Dictionary(uniqueKeysWithValues: digests.enumerated().map { ($1, $0) })
        #expect(digests.enumerated().allSatisfy { table[$1] == $0 })
        #expect(Set(digests.map(\.hashValue)).count > 990)
    }
}
