internal import CLibCrypto
internal import Glibc

/// An X.509 certificate (RFC 5280), the first of a PEM text.
public final class Certificate: @unchecked Sendable {
    // Only read after it was parsed; OpenSSL 3 lets any number of threads do that.
    let handle: OpaquePointer

    /// Reads the first certificate of `pem`.
    /// - Throws: `SigningError.unreadableCertificate`.
    public init(pem: [UInt8]) throws(SigningError) {
        let parsed = withMemory(pem) { PEM_read_bio_X509($0, nil, nil, nil) }
        guard let parsed else { throw .unreadableCertificate }
        handle = parsed
    }

    /// Reads a certificate in DER.
    /// - Throws: `SigningError.unreadableCertificate`.
    public init(der: [UInt8]) throws(SigningError) {
        guard let parsed = withMemory(der, { d2i_X509_bio($0, nil) }) else { throw .unreadableCertificate }
        handle = parsed
    }

    deinit { X509_free(handle) }

    /// The certificate in DER.
    public var der: [UInt8] {
        var pointer: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(handle, &pointer)
        guard let pointer, count > 0 else { return [] }
        defer { CRYPTO_free(pointer, "", 0) }
        return Array(UnsafeBufferPointer(start: pointer, count: Int(count)))
    }

    /// From when to when it counts, in seconds since 1970.
    public var validity: (begin: Int64, end: Int64) {
        (Self.seconds(X509_get0_notBefore(handle)), Self.seconds(X509_get0_notAfter(handle)))
    }

    /// Whether `signature` is one over `bytes` by the key of this certificate: ECDSA with SHA-256, in DER.
    public func isSignature(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        guard let key = X509_get0_pubkey(handle), let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return 0 }
        return Int64(timegm(&parts))
    }
}

/// What `body` makes of bytes in memory.
func withMemory<Value>(_ bytes: [UInt8], _ body: (OpaquePointer?) -> Value) -> Value {
    bytes.withUnsafeBytes { bytes in
        let memory = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
        defer { BIO_free(memory) }
        return body(memory)
    }
}
