public import Digest
internal import FoundationEssentials

/// A signed statement about a published file: an attestation object of version 1 (PEP 740).
public struct Attestation: Hashable, Sendable, Codable {
    /// What was signed and by what, each in base64.
    public struct Envelope: Hashable, Sendable, Codable {
        /// The in-toto statement, byte for byte.
        public let statement: String
        /// ECDSA on P-256 with SHA-256 over the statement as DSSE encodes it, in DER.
        public let signature: String
    }

    /// What a verifier needs besides.
    public struct Material: Hashable, Sendable, Codable {
        /// The signing certificate, in base64 of DER.
        public let certificate: String
        /// Entries of a transparency log. There is none behind a key of one's own, and so none here.
        public let transparencyEntries: [String]

        enum CodingKeys: String, CodingKey {
            case certificate
            case transparencyEntries = "transparency_entries"
        }
    }

    /// Always 1.
    public let version: Int
    /// What a verifier needs besides the envelope.
    public let material: Material
    /// The statement and its signature.
    public let envelope: Envelope

    enum CodingKeys: String, CodingKey {
        case version
        case material = "verification_material"
        case envelope
    }

    /// Signs a statement.
    ///
    /// - Parameter statement: an in-toto statement as JSON.
    /// - Throws: `SigningError.failed`.
    public init(signing statement: [UInt8], by key: SigningKey) throws(SigningError) {
        version = 1
        material = Material(
            certificate: Data(key.certificate.der).base64EncodedString(),
            transparencyEntries: []
        )
        envelope = Envelope(
            statement: Data(statement).base64EncodedString(),
            signature: Data(try key.signature(over: Self.encoded(statement))).base64EncodedString()
        )
    }

    /// The statement that was signed; `nil` where the ledger's line was changed by hand.
    public var statement: [UInt8]? { Data(base64Encoded: envelope.statement).map(Array.init) }

    /// Whether the signature is the certificate's over the statement. Whether anybody trusts the certificate is another
    /// question.
    public var isIntact: Bool {
        guard let statement, let signature = Data(base64Encoded: envelope.signature),
            let der = Data(base64Encoded: material.certificate),
            let certificate = try? Certificate(der: Array(der))
        else { return false }
        return certificate.isSignature(Array(signature), over: Self.encoded(statement))
    }

    /// Whether `certificate` is the one that it was signed for.
    func isBy(_ certificate: Certificate) -> Bool {
        material.certificate == Data(certificate.der).base64EncodedString()
    }

    /// The bytes that are signed: the pre-authentication encoding of DSSE 1.0.
    private static func encoded(_ statement: [UInt8]) -> [UInt8] {
        let type = "application/vnd.in-toto+json"
        return Array("DSSEv1 \(type.utf8.count) \(type) \(statement.count) ".utf8) + statement
    }
}
