internal import FoundationEssentials
internal import PythonPackaging

/// The attestations of a published file with who made them: a provenance object of version 1 (PEP 740).
struct ProvenanceObject: Encodable {
    /// What it is served as.
    static let mediaType = "application/vnd.pypi.integrity.v1+json"

    struct Bundle: Encodable {
        let publisher: Publisher
        let attestations: [Attestation]
    }

    /// This index: it has no Trusted Publisher, and none of the kinds that verifiers know.
    struct Publisher: Encodable {
        let kind = "pyindex-fcgi"
        /// What the index itself read of the repository.
        let claims: [String: String]
    }

    let version = 1
    let bundles: [Bundle]

    enum CodingKeys: String, CodingKey {
        case version
        case bundles = "attestation_bundles"
    }

    /// Of the file that `entry` names.
    init(_ attestation: Attestation, of entry: LedgerEntry) {
        let claims = [
            "source": entry.key.source, "repository": entry.repositoryURI,
            "ref": "refs/tags/" + entry.key.tag, "commit": entry.key.commit,
        ]
        bundles = [Bundle(publisher: Publisher(claims: claims), attestations: [attestation])]
    }

    /// JSON with sorted keys.
    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and numbers; encoding them cannot fail.
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }
}
