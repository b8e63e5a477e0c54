internal import Archive
internal import Digest
internal import Glibc
internal import POSIX
internal import PythonPackaging

/// A distribution read from its first byte to its last.
enum FileReading: Sendable {
    case facts(FileStamp, FileFacts)
    /// It changed while it was read, or is gone: the facts would be of no bytes that ever were.
    case changed

    /// Reads the file at `path`, whose name is that of `file`. Blocks; opens and runs nothing of it.
    ///
    /// - Parameter buffer: room for parts of the file, used again for the next one.
    /// - Throws: this machine's failure to read it.
    init(
        _ path: String,
        as file: DistributionFilename,
        through buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) {
        do throws(SystemError) {
            let descriptor = try Descriptor(opening: path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
            let before = try FileStatus(of: descriptor)
            guard before.isRegularFile else {
                self = .changed
                return
            }
            Self.settle(before)
            let (sha256, metadata): (SHA256Digest, FileMetadata)
            if before.size < buffer.count {
                // Most files fit into the buffer, and are read once.
                let bytes = try Self.fill(buffer, from: descriptor, expecting: Int(before.size))
                (sha256, metadata) = (SHA256.hash(bytes), try FileMetadata(bytes, as: file))
            } else {
                sha256 = try Self.digest(of: descriptor, through: buffer)
                metadata = try FileMetadata(path, as: file)
            }
            let stamp = FileStamp(before)
            // Should another file have taken its place, that one's stamp is another: these facts are not its.
            guard FileStamp(try FileStatus(of: descriptor)) == stamp else {
                self = .changed
                return
            }
            let facts = FileFacts(
                sha256: sha256,
                metadataSHA256: metadata.offered.map { SHA256.hash($0) },
                requiresPython: metadata.requiresPython,
                problem: metadata.problem
            )
            self = .facts(stamp, facts)
        } catch {
            if !error.isAbsence { throw error }
            self = .changed
        }
    }

    /// Times are as coarse as the kernel's tick: waits until a change from now on would show in them.
    private static func settle(_ status: FileStatus) {
        let age = WallClock.now - status.modified
        if age >= 0 && age < 20_000_000 { usleep(20_000) }
    }

    /// All bytes of `file`, which has room in `buffer`. Should its size change meanwhile, its stamp will tell.
    private static func fill(
        _ buffer: UnsafeMutableRawBufferPointer,
        from file: borrowing Descriptor,
        expecting size: Int
    ) throws(SystemError) -> UnsafeRawBufferPointer {
        var count = 0
        while count < size {
            let more = Glibc.read(file.number, buffer.baseAddress?.advanced(by: count), size - count)
            if more == -1 && errno == EINTR { continue }
            if more == -1 { throw SystemError("read") }
            if more == 0 { break }
            count += more
        }
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }

    private static func digest(
        of file: borrowing Descriptor,
        through buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) -> SHA256Digest {
        var hash = SHA256()
        while true {
            let count = Glibc.read(file.number, buffer.baseAddress, buffer.count)
            if count == -1 && errno == EINTR { continue }
            if count == -1 { throw SystemError("read") }
            if count == 0 { return hash.finalize() }
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
