public import Digest

/// What `SourceArchive.repack` or `.copy` found and wrote.
public struct Repacked: Hashable, Sendable {
    /// The bytes of `PKG-INFO` in the top directory, as the build left them.
    public let packageInfo: [UInt8]
    /// Over the tar inside, which is the same on every machine.
    public let tarSHA256: SHA256Digest
    /// Over the file as written.
    public let sha256: SHA256Digest
    /// Bytes of the file as written.
    public let size: Int64
    /// The compressor's name and the version in use, such as `zlib 1.2.13`: another one gives another file
    /// around the same tar. `unknown` where the archive was not compressed here.
    public let compressor: String
}
