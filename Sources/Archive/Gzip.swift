internal import CLibArchive

/// Bytes in memory, compressed as `Content-Encoding: gzip` has them (RFC 1952).
public enum Gzip {
    /// Compresses `bytes`; `nil` when there is no memory for it. Takes some 20 ms for a megabyte of listing.
    ///
    /// Equal bytes give equal bytes with one version of zlib.
    public static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard let handle = archive_write_new() else { return nil }
        defer { archive_write_free(handle) }
        // Deflate stores what it cannot compress: 5 bytes more for each 16 KiB, and 18 around it all.
        let capacity = bytes.count + bytes.count / 1024 + 64
        var used = 0
        let compressed = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let ok =
                GzipWriter.choose(handle) == ARCHIVE_OK
                && archive_write_open_memory(handle, buffer.baseAddress, buffer.count, &used) == ARCHIVE_OK
                && GzipWriter.startBody(handle) == ARCHIVE_OK
                && bytes.withUnsafeBytes { archive_write_data(handle, $0.baseAddress, $0.count) }
                    == bytes.count
                && archive_write_close(handle) == ARCHIVE_OK
            count = ok ? used : 0
        }
        return compressed.isEmpty ? nil : compressed
    }
}
