internal import FastCGI
internal import Fetch
internal import Glibc
internal import POSIX

/// Sending a file while it comes.
extension RemoteFiles {
    /// Sends `file` to `client` while it comes. The last byte is held back until the whole was compared, so that nobody
    /// takes for whole what is not.
    ///
    /// - Parameter open: opens the answer, told how many bytes there will be, if that is known.
    /// - Returns: why there was nothing to send; `nil` once something was.
    func send(
        _ following: consuming Following,
        of file: RemoteFile,
        to client: any Client,
        open: (Int64?) -> Void
    ) -> FetchError? {
        let start = ContinuousClock.now
        var sent: Int64 = 0
        var isOpen = false
        while true {
            let progress = progress(of: following, file)
            if case .failed(let error)? = progress.end {
                if !isOpen { return error }
                client.abandon()
                return nil
            }
            let isWhole = progress.end != nil
            if !isOpen && (progress.written > 0 || isWhole) {
                open(isWhole ? progress.written : progress.total)
                isOpen = true
            }
            let ready = isWhole ? progress.written : progress.written - 1
            if ready > sent {
                guard Self.send(sent..<ready, of: following.part, to: client) else {
                    client.abandon()
                    return nil
                }
                sent = ready
                continue
            }
            if isWhole {
                client.end()
                return nil
            }
            if !isOpen && ContinuousClock.now - start > Patience.absent {
                return .unreachable("It takes long to come.")
            }
            usleep(RemoteFiles.interval)
        }
    }

    private static func send(_ range: Range<Int64>, of part: borrowing Descriptor, to client: any Client)
        -> Bool
    {
        let number = part.number
        return withUnsafeTemporaryAllocation(byteCount: FileBody.pieceLimit, alignment: 16) { buffer in
            var place = range.lowerBound
            while place < range.upperBound {
                let wanted = Int(min(Int64(buffer.count), range.upperBound - place))
                let count = pread(number, buffer.baseAddress, wanted, off_t(place))
                if count < 0 && errno == EINTR { continue }
                guard count > 0, client.write(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else {
                    return false
                }
                place += Int64(count)
            }
            return true
        }
    }
}
