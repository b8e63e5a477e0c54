import Digest
import Fixtures
import Testing

@Suite("Signatures")
struct SigningTests {
    private static func signingKey() throws -> SigningKey {
        try SigningKey(
            pem: Array(SigningFixture.key.utf8),
            certificate: Certificate(pem: Array(SigningFixture.certificate.utf8))
        )
    }

    @Test("A signature is the certificate's over these bytes and no others, and differs each time")
    func signs() throws {
        let key = try Self.signingKey()
        let bytes = Array("what is said".utf8)
        let signatures = [try key.signature(over: bytes), try key.signature(over: bytes)]
        #expect(signatures[0] != signatures[1])
        for signature in signatures {
            #expect(key.certificate.isSignature(signature, over: bytes))
            #expect(!key.certificate.isSignature(signature, over: bytes + [0]))
            #expect(!key.certificate.isSignature(signature.dropLast() + [0], over: bytes))
        }
        #expect(!key.certificate.isSignature([], over: bytes))
        let other = try Certificate(pem: Array(SigningFixture.other.utf8))
        #expect(!other.isSignature(signatures[0], over: bytes))
        #expect(try key.certificate.isSignature(key.signature(over: []), over: []))
    }

    @Test("A certificate says how long it counts, and comes back from its bytes")
    func certificates() throws {
        let certificate = try Self.signingKey().certificate
        #expect(certificate.validity.begin == 1_795_300_189)
        #expect(certificate.validity.end == 4_948_900_189)
        #expect(try Certificate(der: certificate.der).der == certificate.der)
    }

    @Test("What cannot be signed with says why")
    func refusals() throws {
        let certificate = try Certificate(pem: Array(SigningFixture.certificate.utf8))
        let other = try Certificate(pem: Array(SigningFixture.other.utf8))
        let key = Array(SigningFixture.key.utf8)
        #expect(throws: SigningError.otherCertificate) { try SigningKey(pem: key, certificate: other) }
        for text in ["", "x", SigningFixture.certificate, String(SigningFixture.key.dropLast(60))] {
            #expect(throws: SigningError.unreadableKey) {
                try SigningKey(pem: Array(text.utf8), certificate: certificate)
            }
        }
        for text in ["", "x", SigningFixture.key] {
            #expect(throws: SigningError.unreadableCertificate) { try Certificate(pem: Array(text.utf8)) }
            #expect(throws: SigningError.unreadableCertificate) { try Certificate(der: Array(text.utf8)) }
        }
        let edwards = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """
        #expect(throws: SigningError.wrongKey) {
            try SigningKey(pem: Array(edwards.utf8), certificate: certificate)
        }
    }
}
