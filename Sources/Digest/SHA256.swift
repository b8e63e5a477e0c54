internal import CLibCrypto

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece, or all at once.
public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Starts a digest of nothing.
    public init() {
        // Fails only when memory is short, and then so does everything else.
        context = EVP_MD_CTX_new()
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all that was added.
    public consuming func finalize() -> SHA256Digest {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
            EVP_DigestFinal_ex(context, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
            return SHA256Digest(UnsafeRawBufferPointer(buffer))
        }
    }

    /// The digest of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> SHA256Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The digest of bytes that lie in memory.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        var digest = SHA256()
        digest.update(bytes)
        return digest.finalize()
    }
}
