internal import CLibCrypto

/// A private key on the curve P-256, and its certificate: the suite of attestations of version 1 (PEP 740).
public final class SigningKey: @unchecked Sendable {
    /// The key's certificate.
    public let certificate: Certificate
    // Only read after it was parsed; OpenSSL 3 lets any number of threads do that.
    private let handle: OpaquePointer

    /// Reads a private key and takes its certificate.
    ///
    /// - Parameter pem: PKCS #8 or the older form of EC keys, without a password.
    /// - Throws: `SigningError`.
    public init(pem: [UInt8], certificate: Certificate) throws(SigningError) {
        // Without a callback the library would ask the terminal for a password.
        let parsed = withMemory(pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) }
        guard let parsed else { throw .unreadableKey }
        handle = parsed
        self.certificate = certificate
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        guard EVP_PKEY_is_a(handle, "EC") == 1,
            EVP_PKEY_get_group_name(handle, &name, name.count, &count) == 1,
            name.prefix(count).elementsEqual("prime256v1".utf8.map { CChar($0) })
        else { throw .wrongKey }
        guard X509_check_private_key(certificate.handle, handle) == 1 else { throw .otherCertificate }
    }

    deinit { EVP_PKEY_free(handle) }

    /// Signs `bytes`: ECDSA with SHA-256, in DER. Two signatures over the same bytes differ.
    /// - Throws: `SigningError.failed`.
    public func signature(over bytes: [UInt8]) throws(SigningError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw .failed }
        defer { EVP_MD_CTX_free(context) }
        // As much as a DER signature of this curve can take, and more.
        var signature = [UInt8](repeating: 0, count: 128)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, handle) == 1,
            EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1
        else { throw .failed }
        return Array(signature.prefix(count))
    }
}
