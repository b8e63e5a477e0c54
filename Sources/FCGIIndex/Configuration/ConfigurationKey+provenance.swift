/// The keys of `[provenance]`, and what a source says of it.
extension ConfigurationKey {
    static let provenanceKey = ConfigurationKey(
        .provenance,
        "key",
        .path,
        example: .string("/etc/pyindex/provenance.key"),
        "Private key that built files are attested with: ECDSA on the curve P-256, in PEM, without a password, "
            + "and read by whoever builds; without it, nothing is signed."
    )
    static let provenanceCertificate = ConfigurationKey(
        .provenance,
        "certificate",
        .path,
        example: .string("/etc/pyindex/provenance.crt"),
        "The key's certificate, in PEM, which attestations hold; verifiers must trust who issued it."
    )
    static let provenanceBuilder = ConfigurationKey(
        .provenance,
        "builder-id",
        .text("a URI"),
        example: .string("https://index.example/"),
        "What statements name as the builder; without it, this program, wherever it runs."
    )
    static let repositoryURL = ConfigurationKey(
        .gitSource,
        "repository-url",
        .text("a URL without credentials"),
        example: .string("https://git.example/monorepo.git"),
        "What provenance calls the repository; without it, its path on this machine."
    )
}
