internal import CLibArchive
internal import Digest
internal import Glibc
internal import POSIX

/// Compresses a stream into a file, whose gzip header has no name, no time, and always Unix for the system.
struct GzipWriter: ~Copyable {
    /// The file as libarchive's callback sees it.
    private final class Output {
        let file: Descriptor
        var hash: SHA256? = SHA256()
        var size: Int64 = 0
        var failure: SystemError?

        init(_ file: consuming Descriptor) { self.file = file }

        func take(_ bytes: UnsafeRawBufferPointer) -> Int {
            do throws(SystemError) {
                try file.writeAll(bytes)
            } catch {
                failure = error
                return -1
            }
            hash?.update(bytes)
            size += Int64(bytes.count)
            return bytes.count
        }
    }

    /// Measured on 100 MiB of Python libraries: 9 takes four times as long for one hundredth less.
    static let level = "6"

    private let handle: OpaquePointer
    private let output: Output

    private init(_ output: Output, handle: OpaquePointer) {
        self.output = output
        self.handle = handle
    }

    /// Writes to the new file at `path`, which must not exist, readable by its owner alone.
    static func create(_ path: String) throws(ArchiveError) -> GzipWriter {
        let writer = try unopened(path)
        do throws(ArchiveError) {
            try writer.start()
        } catch {
            unlink(path)
            throw error
        }
        return writer
    }

    private static func unopened(_ path: String) throws(ArchiveError) -> GzipWriter {
        do throws(SystemError) {
            let output = Output(try Descriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL))
            guard let handle = archive_write_new() else { throw SystemError("malloc", code: ENOMEM) }
            return GzipWriter(output, handle: handle)
        } catch { throw .system(error) }
    }

    deinit { archive_write_free(handle) }

    /// Compresses `bytes`.
    func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = archive_write_data(handle, rest.baseAddress, rest.count)
            if count <= 0 { throw failure() }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Ends the stream, and gives the file's digest and size.
    consuming func finish() throws(ArchiveError) -> (sha256: SHA256Digest, size: Int64) {
        try check { archive_write_close(handle) }
        guard let hash = output.hash.take() else { throw .compressor(message: "finished twice") }
        return (hash.finalize(), output.size)
    }

    /// The library that compresses, and the version that is loaded, not the one libarchive was compiled with.
    static var compressor: String {
        typealias Function = @convention(c) () -> UnsafePointer<CChar>
        if let symbol = dlsym(nil, "zlibVersion") {
            return "zlib " + String(cString: unsafeBitCast(symbol, to: Function.self)())
        }
        return "zlib " + (archive_zlib_version().map { String(cString: $0) } ?? "unknown")
    }

    private func start() throws(ArchiveError) {
        try check { Self.choose(handle) }
        let client = Unmanaged.passUnretained(output).toOpaque()
        try check {
            archive_write_open(
                handle,
                client,
                nil,
                { _, client, bytes, count in
                    guard let client else { return -1 }
                    return Unmanaged<Output>.fromOpaque(client).takeUnretainedValue()
                        .take(UnsafeRawBufferPointer(start: bytes, count: count))
                },
                nil
            )
        }
        try check { Self.startBody(handle) }
    }

    /// Chooses format and compression of a handle that is not open yet.
    static func choose(_ handle: OpaquePointer) -> Int32 {
        let calls = [
            archive_write_set_format_raw(handle),
            archive_write_add_filter_gzip(handle),
            archive_write_set_filter_option(handle, "gzip", "compression-level", level),
            archive_write_set_filter_option(handle, "gzip", "timestamp", nil),
            // Else the end would be filled up with zeros to a whole block.
            archive_write_set_bytes_in_last_block(handle, 1),
        ]
        return calls.min() ?? ARCHIVE_OK
    }

    /// The raw format wants one entry, whose header leaves no trace in the file.
    static func startBody(_ handle: OpaquePointer) -> Int32 {
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_filetype(entry, Glibc.S_IFREG)
        return archive_write_header(handle, entry)
    }

    private func check(_ call: () -> Int32) throws(ArchiveError) {
        if call() < ARCHIVE_OK { throw failure() }
    }

    private func failure() -> ArchiveError {
        if let failure = output.failure { return .system(failure) }
        return .compressor(message: archive_error_string(handle).map { String(cString: $0) } ?? "unknown")
    }
}
