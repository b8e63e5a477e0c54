import Testing

@testable import Digest

@Suite("SHA-256")
struct SHA256Tests {
    @Test(
        "the standard's examples come out (FIPS 180-4)",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func examples(text: String, digest: String) {
        #expect(SHA256.hash(Array(text.utf8)).description == digest)
    }

    @Test("bytes may come piece by piece")
    func pieces() {
        let bytes = [UInt8](repeating: 97, count: 1_000_000)
        var digest = SHA256()
        bytes[..<1].withUnsafeBytes { digest.update($0) }
        bytes[1...].withUnsafeBytes { digest.update($0) }
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(digest.finalize().description == expected)
    }

    @Test("a digest is read back from its digits, of either case, and from nothing else")
    func hex() {
        let digest = SHA256.hash([1, 2, 3])
        #expect(SHA256Digest(hex: digest.description) == digest)
        #expect(SHA256Digest(hex: digest.description.uppercased()) == digest)
        for text in [
            "", "ab", String(repeating: "g", count: 64), digest.description + "0",
            " " + digest.description.dropFirst(),
        ] {
            #expect(SHA256Digest(hex: text) == nil)
        }
    }
}
