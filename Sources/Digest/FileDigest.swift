internal import CLibCrypto

/// A digest of a file's bytes, by any of the algorithms that indexes have.
public enum FileDigest: Hashable, Sendable {
    case sha256(SHA256Digest)
    /// Lower-case hexadecimal digits, as many as the algorithm has.
    case other(Algorithm, hex: String)

    /// By the name that `hashlib` and the Simple API have for it.
    public enum Algorithm: String, Hashable, Sendable, CaseIterable {
        case sha256, sha512, sha384, sha224, sha1, md5
        // Weakest last: of several digests the first of these counts.

        var digits: Int {
            switch self {
            case .sha512: 128
            case .sha384: 96
            case .sha256: 64
            case .sha224: 56
            case .sha1: 40
            case .md5: 32
            }
        }
    }

    /// `nil` for what is no digest of this algorithm.
    public init?(_ algorithm: Algorithm, hex: some StringProtocol) {
        if algorithm == .sha256 {
            guard let digest = SHA256Digest(hex: hex) else { return nil }
            self = .sha256(digest)
        } else {
            let isHexadecimal = hex.utf8.allSatisfy {
                (48...57).contains($0) || (65...70).contains($0) || (97...102).contains($0)
            }
            guard hex.utf8.count == algorithm.digits, isHexadecimal else { return nil }
            self = .other(algorithm, hex: hex.lowercased())
        }
    }

    /// How it was computed.
    public var algorithm: Algorithm { if case .other(let algorithm, _) = self { algorithm } else { .sha256 } }

    /// Lower-case hexadecimal digits.
    public var hex: String {
        switch self {
        case .sha256(let digest): digest.description
        case .other(_, let hex): hex
        }
    }
}

/// Computes a `FileDigest` of bytes that come piece by piece. Used by one thread at a time.
public final class Digester {
    private let algorithm: FileDigest.Algorithm
    private let context: OpaquePointer

    /// Starts a digest of nothing.
    public init(_ algorithm: FileDigest.Algorithm) {
        self.algorithm = algorithm
        context = EVP_MD_CTX_new()
        EVP_DigestInit_ex(context, EVP_get_digestbyname(algorithm.rawValue), nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all that was added. Called once, at the end.
    public func finish() -> FileDigest? {
        var bytes = [UInt8](repeating: 0, count: 64)
        var count: UInt32 = 0
        EVP_DigestFinal_ex(context, &bytes, &count)
        let digits = Array("0123456789abcdef".utf8)
        let hex = bytes.prefix(Int(count)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return FileDigest(algorithm, hex: String(decoding: hex, as: UTF8.self))
    }
}
