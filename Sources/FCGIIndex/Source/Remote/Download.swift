internal import Digest
internal import Fetch
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// A file on its way from another server to the disk, for as many as want it.
final class Download: Sendable {
    enum End: Sendable {
        /// All of it is there and is what it should be.
        case whole
        case failed(FetchError)
    }

    struct Progress: Sendable {
        /// Bytes on the disk.
        var written: Int64 = 0
        /// Bytes of the whole; `nil` until the server said it.
        var total: Int64?
        var end: End?
    }

    private let progress = Mutex(Progress())

    var current: Progress { progress.withLock { $0 } }

    func update(_ change: (inout sending Progress) -> Void) { progress.withLock { change(&$0) } }
}

extension RemoteFiles {
    /// Fetches `file` into `part`, which nobody else writes, compares it, and gives it its place. Blocks.
    func run(
        _ download: Download,
        of file: RemoteFile,
        _ origin: RemoteFile.Origin,
        into part: borrowing Descriptor
    ) {
        let end: Download.End
        do throws(FetchError) {
            try fetch(file, origin, into: part, download)
            end = .whole
        } catch { end = .failed(error) }
        // Who follows has waited for this; that the disk has it too is only for the next one.
        download.update { $0.end = end }
        let partPath = partPath(of: file)
        switch end {
        case .whole:
            do throws(SystemError) {
                let time = origin.uploadTime?.seconds ?? WallClock.now / 1_000_000_000
                try publish(part, from: partPath, to: path(of: file), time: time)
            } catch {
                unlink(partPath)
                logger.error("A file of the source \"\(source)\" cannot be kept: \(error).")
            }
        case .failed(let error):
            unlink(partPath)
            logger.error("The source \"\(source)\": \(file.filename) cannot be had: \(error)")
        }
        downloads.withLock { $0[file.identity] = nil }
    }

    private func fetch(
        _ file: RemoteFile,
        _ origin: RemoteFile.Origin,
        into part: borrowing Descriptor,
        _ download: Download
    ) throws(FetchError) {
        var request = origin.request(Self.limits)
        if let size = origin.size { request.limits.bytes = size }
        let digester = origin.digest.map { Digester($0.algorithm) }
        var wrongLength: Int64?
        let sink = FileSink(
            part,
            onHead: { head in
                if let size = origin.size, let length = head.contentLength, length != size {
                    wrongLength = length
                    return false
                }
                download.update { $0.total = head.contentLength ?? origin.size }
                return true
            },
            onBytes: { bytes in
                digester?.update(bytes)
                download.update { $0.written += Int64(bytes.count) }
            }
        )
        do throws(FetchError) {
            try fetcher.fetch(request, into: sink)
        } catch {
            if let failure = sink.failure { throw .unreachable("It cannot be written here: \(failure).") }
            if let wrongLength {
                throw .bad("It has \(wrongLength) bytes, and its page says \(origin.size ?? 0).")
            }
            throw error
        }
        if let size = origin.size, sink.count != size {
            throw .bad("It has \(sink.count) bytes, and its page says \(size).")
        }
        if let digest = origin.digest, digester?.finish() != digest {
            throw .bad("Its \(digest.algorithm.rawValue) is not the one that its page says.")
        }
    }
}
