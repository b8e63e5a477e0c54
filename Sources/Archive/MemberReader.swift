internal import CLibArchive
internal import Glibc
internal import POSIX

/// Reads a tar member by member, whatever it is compressed by. Nothing of it is believed here: names are raw bytes.
struct MemberReader: ~Copyable {
    /// One member as the archive has it.
    struct Entry {
        enum Kind {
            case file(executable: Bool)
            case directory
            case symbolicLink([UInt8])
            case hardLink([UInt8])
            case other
        }

        let name: [UInt8]
        let kind: Kind
        /// Bytes of the body; 0 where the archive does not say.
        let size: Int64
    }

    /// Bytes of the compressed file.
    let compressedSize: Int64
    private let compression: ArchiveFormat.Compression
    private let handle: OpaquePointer
    // Closed after the handle, which reads from it; `nil` where the bytes are at hand.
    private let file: Descriptor?
    /// The file's descriptor; -1 where there is none.
    private let number: Int32

    private init(
        _ file: consuming Descriptor?,
        size: Int64,
        compression: ArchiveFormat.Compression,
        handle: OpaquePointer
    ) {
        number = file?.number ?? -1
        self.file = file
        self.compression = compression
        self.handle = handle
        compressedSize = size
        switch compression {
        case .none: break
        case .gzip: archive_read_support_filter_gzip(handle)
        case .bzip2: archive_read_support_filter_bzip2(handle)
        case .xz: archive_read_support_filter_xz(handle)
        case .compress: archive_read_support_filter_compress(handle)
        }
        archive_read_support_format_tar(handle)
    }

    /// Opens the regular file at `path`, which must not be a symbolic link.
    static func open(
        _ path: String,
        compression: ArchiveFormat.Compression = .gzip
    ) throws(ArchiveError) -> MemberReader {
        let reader = try unopened(path, compression)
        guard archive_read_open_fd(reader.handle, reader.number, 1 << 16) == ARCHIVE_OK else {
            throw reader.unreadable()
        }
        return reader
    }

    /// Opens a tar whose bytes are at hand, for as long as they are.
    static func open(
        _ memory: UnsafeRawBufferPointer,
        compression: ArchiveFormat.Compression
    ) throws(ArchiveError) -> MemberReader {
        guard let handle = archive_read_new() else { throw .system(SystemError("malloc", code: ENOMEM)) }
        let reader = MemberReader(nil, size: Int64(memory.count), compression: compression, handle: handle)
        guard archive_read_open_memory(handle, memory.baseAddress, memory.count) == ARCHIVE_OK else {
            throw reader.unreadable()
        }
        return reader
    }

    private static func unopened(
        _ path: String,
        _ compression: ArchiveFormat.Compression
    ) throws(ArchiveError) -> MemberReader {
        do throws(SystemError) {
            // A FIFO in the file's place must not block the build.
            let file = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let status = try FileStatus(of: file)
            // As `open` says it of a symbolic link: what the build left is no file.
            guard status.isRegularFile else { throw SystemError("open", path: path, code: ELOOP) }
            guard let handle = archive_read_new() else { throw SystemError("malloc", code: ENOMEM) }
            return MemberReader(file, size: status.size, compression: compression, handle: handle)
        } catch {
            throw error.code == ELOOP ? .unreadable(message: "not a regular file") : .system(error)
        }
    }

    deinit { archive_read_free(handle) }

    /// The next member, or `nil` at the end. What was not read of the one before is skipped.
    func next() throws(ArchiveError) -> Entry? {
        var entry: OpaquePointer?
        let status = archive_read_next_header(handle, &entry)
        if status == ARCHIVE_EOF { return nil }
        guard let entry, status == ARCHIVE_OK || (status == ARCHIVE_WARN && isNameConversion) else {
            throw unreadable()
        }
        // libarchive takes gzip in gzip, any number of times; the filters are the one and the file itself.
        guard archive_filter_count(handle) == (compression == .none ? 1 : 2) else {
            throw .unreadable(message: "not compressed by \(compression.rawValue)")
        }
        return Entry(
            name: Self.bytes(archive_entry_pathname(entry)),
            kind: Self.kind(of: entry),
            size: archive_entry_size(entry)
        )
    }

    /// Reads what follows of the current member's body; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
        if count < 0 { throw unreadable() }
        return count
    }

    /// In the C locale a name of a pax header that is not ASCII cannot be converted, and is given as it is:
    /// exactly what is wanted.
    private var isNameConversion: Bool {
        archive_error_string(handle).map { String(cString: $0).hasSuffix("to current locale.") } ?? false
    }

    /// What the last call failed of: a read that this machine could not do is no fault of the archive.
    private func unreadable() -> ArchiveError {
        let code = archive_errno(handle)
        if [EIO, ESTALE, ENOMEM].contains(code) { return .system(SystemError("read", code: code)) }
        return .unreadable(message: archive_error_string(handle).map { String(cString: $0) } ?? "unknown")
    }

    private static func kind(of entry: OpaquePointer) -> Entry.Kind {
        if let target = archive_entry_hardlink(entry) { return .hardLink(bytes(target)) }
        switch archive_entry_filetype(entry) {
        case S_IFREG: return .file(executable: archive_entry_perm(entry) & S_IXUSR != 0)
        case S_IFDIR: return .directory
        case S_IFLNK: return .symbolicLink(bytes(archive_entry_symlink(entry)))
        default: return .other
        }
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
        guard let text else { return [] }
        return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}

/// Runs `body` in the C locale, on this thread alone.
///
/// In a UTF-8 locale libarchive composes the names it reads (NFC), so the tar would hang on the environment.
func withPlainLocale<Result>(
    _ body: () throws(ArchiveError) -> Result
) throws(ArchiveError) -> Result {
    guard let plain = newlocale(1 << LC_CTYPE, "C", nil) else { throw .system(SystemError("newlocale")) }
    defer { freelocale(plain) }
    let before = uselocale(plain)
    defer { uselocale(before) }
    return try body()
}
