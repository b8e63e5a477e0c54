internal import CLibArchive
internal import Digest
internal import Glibc
internal import POSIX

extension SourceArchive {
    /// What `Repacked.compressor` says of an archive that was not compressed here.
    public static let unknownCompressor = "unknown"

    /// Copies the `.tar.gz` at `source`, which a build made and which is not trusted, to the new file `destination`,
    /// byte for byte, after every check that `repack` does.
    ///
    /// What is checked is the copy, so that nobody can change it between the two. Blocks. On failure no file is left.
    /// - Throws: as `repack`.
    public static func copy(
        _ source: String,
        to destination: String,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) -> Repacked {
        let (sha256, size) = try duplicate(source, destination)
        do throws(ArchiveError) {
            return try withPlainLocale { () throws(ArchiveError) in
                let reader = try MemberReader.open(destination)
                let intake = try Intake.of(reader, beside: destination, limits: limits)
                let packageInfo = try intake.packageInfo()
                _ = try intake.contents.arranged()
                return Repacked(
                    packageInfo: packageInfo,
                    tarSHA256: try tarDigest(of: destination, limits),
                    sha256: sha256,
                    size: size,
                    compressor: unknownCompressor
                )
            }
        } catch {
            unlink(destination)
            throw error
        }
    }

    private static func duplicate(
        _ source: String,
        _ destination: String
    ) throws(ArchiveError) -> (SHA256Digest, Int64) {
        do throws(SystemError) {
            let input = try Descriptor(opening: source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let output = try Descriptor(opening: destination, O_WRONLY | O_CREAT | O_EXCL)
            do throws(SystemError) {
                var hash = SHA256()
                var size: Int64 = 0
                while true {
                    let block = try input.read(upTo: 1 << 18)
                    if block.isEmpty { return (hash.finalize(), size) }
                    try output.write(block)
                    block.withUnsafeBytes { hash.update($0) }
                    size += Int64(block.count)
                }
            } catch {
                unlink(destination)
                throw error
            }
        } catch { throw .system(error) }
    }

    /// The digest of the tar inside, with all that stands behind its last member.
    private static func tarDigest(of path: String, _ limits: ArchiveLimits) throws(ArchiveError)
        -> SHA256Digest
    {
        guard let handle = archive_read_new() else { throw .system(SystemError("malloc", code: ENOMEM)) }
        defer { archive_read_free(handle) }
        archive_read_support_filter_gzip(handle)
        archive_read_support_format_raw(handle)
        var entry: OpaquePointer?
        guard archive_read_open_filename(handle, path, 1 << 16) == ARCHIVE_OK,
            archive_read_next_header(handle, &entry) == ARCHIVE_OK
        else { throw unreadable(handle) }
        // Bodies were counted already; headers and padding are what is left to be too much.
        var room = limits.bytes + Int64(limits.members) * 4096
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
            if count < 0 { throw unreadable(handle) }
            if count == 0 { return hash.finalize() }
            room -= Int64(count)
            if room < 0 { throw .tooLarge(.bytes) }
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private static func unreadable(_ handle: OpaquePointer) -> ArchiveError {
        let code = archive_errno(handle)
        if [EIO, ESTALE, ENOMEM].contains(code) { return .system(SystemError("read", code: code)) }
        return .unreadable(message: archive_error_string(handle).map { String(cString: $0) } ?? "unknown")
    }
}
