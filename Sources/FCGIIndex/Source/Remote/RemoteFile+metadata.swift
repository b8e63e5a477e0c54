internal import Archive
internal import Digest
internal import Fetch
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging

/// What lies beside a file of another server, or in it.
extension RemoteFile {
    /// Bytes of a metadata file, and of a signature.
    private static let largestMetadata: Int64 = 4 << 20
    private static let largestSignature: Int64 = 1 << 16

    /// The file's metadata (PEP 658): as the server has it, else out of the wheel, of which only the end and the
    /// metadata itself are read. `nil` where there is none to offer. Blocks.
    func metadata() throws(FetchError) -> [UInt8]? {
        if let bytes = try? File.readIfPresent(files.metadataPath(of: self)) { return bytes }
        var found = try announced()
        if found == nil { found = try inside() }
        guard let bytes = found else { return nil }
        do throws(SystemError) {
            try files.keep(metadata: bytes, of: self)
        } catch {
            files.logger.error("Metadata of the source \"\(files.source)\" cannot be kept: \(error).")
        }
        return bytes
    }

    /// What the server has beside the file.
    private func announced() throws(FetchError) -> [UInt8]? {
        guard let origin, let offered = origin.metadata else { return nil }
        do throws(FetchError) {
            let bytes = try beside(origin, ".metadata", Self.largestMetadata)
            if let digest = offered.digest, SHA256.hash(bytes) != digest {
                throw .bad("The metadata of \(filename) has not the digest that its page says.")
            }
            return bytes
        } catch {
            // Announced, and not there: the wheel has it too.
            if case .absent = error { return nil }
            throw error
        }
    }

    /// The detached signature beside it. Blocks.
    func signature() throws(FetchError) -> [UInt8]? {
        guard let origin, origin.isSigned else { return nil }
        return try beside(origin, ".asc", Self.largestSignature)
    }

    private func beside(_ origin: Origin, _ suffix: String, _ most: Int64) throws(FetchError) -> [UInt8] {
        guard let url = origin.url.appending(suffix) else { throw .bad("Its URL is too long.") }
        return try files.fetcher.bytes(of: FetchRequest(url, limits: FetchLimits(bytes: most))).bytes
    }

    // MARK: Out of the wheel

    private func inside() throws(FetchError) -> [UInt8]? {
        guard case .wheel = filename else { return nil }
        if files.holds(self) { return try offered(by: found(at: files.path(of: self))) }
        guard let origin else { return nil }
        let parts: RemoteParts
        do throws(RemoteParts.Refusal) {
            parts = try RemoteParts(origin, fetcher: files.fetcher)
        } catch {
            switch error {
            case .failed(let error): throw error
            case .ranges: return try insideWhole(origin)
            }
        }
        var failure: FetchError?
        let found = Self.local { () throws(SystemError) in
            try FileMetadata(size: parts.size, as: filename) { range in
                do throws(FetchError) {
                    return try parts.bytes(range)
                } catch {
                    failure = error
                    return nil
                }
            }
        }
        if let failure { throw failure }
        return try offered(by: found.get())
    }

    /// A server that has no parts to give: all of it, and then what is in it.
    private func insideWhole(_ origin: Origin) throws(FetchError) -> [UInt8] {
        let path = files.partPath(of: self) + "-" + Temporary.suffix()
        defer { unlink(path) }
        let file = try Self.local { () throws(SystemError) in
            try files.prepare(self)
            return try Descriptor(opening: path, O_RDWR | O_CREAT | O_EXCL)
        }.get()
        var request = FetchRequest(origin.url, limits: RemoteFiles.limits)
        request.limits.bytes = origin.size ?? RemoteFiles.largest
        try files.fetcher.fetch(request, into: FileSink(file))
        return try offered(by: found(at: path))
    }

    private func found(at path: String) throws(FetchError) -> FileMetadata {
        try Self.local { () throws(SystemError) in try FileMetadata(path, as: filename) }.get()
    }

    private func offered(by found: FileMetadata) throws(FetchError) -> [UInt8] {
        if let bytes = found.offered { return bytes }
        throw .bad("\(filename) has no metadata to offer: \(found.problem ?? "none is in it.")")
    }

    /// This machine's failures are no server's.
    private static func local<Value: ~Copyable>(
        _ body: () throws(SystemError) -> Value
    ) -> Result<Value, FetchError> {
        do throws(SystemError) {
            return .success(try body())
        } catch { return .failure(.unreachable("\(error).")) }
    }
}

/// The parts of a remote file that were asked for.
final class RemoteParts {
    enum Refusal: Error {
        /// The server has only the whole.
        case ranges
        case failed(FetchError)
    }

    let size: Int64
    private let url: WebURL
    private let fetcher: Fetcher
    /// What was fetched, by where it starts.
    private var parts: [(start: Int64, bytes: [UInt8])] = []

    /// The list of members of most wheels, with what stands behind it.
    private static let tail: Int64 = 32_768
    /// Less is not asked for.
    private static let shortest: Int64 = 4096
    /// Bytes of a part.
    private static let longest: Int64 = 64 << 20

    /// Fetches the end of the file.
    init(_ origin: RemoteFile.Origin, fetcher: Fetcher) throws(Refusal) {
        url = origin.url
        self.fetcher = fetcher
        let range: FetchRequest.Range =
            if let size = origin.size, size > 0 { .bytes(max(0, size - Self.tail)...size - 1) } else {
                .last(Self.tail)
            }
        let (head, bytes) = try Self.fetch(range, of: url, by: fetcher)
        guard let size = head.completeLength, let start = head.rangeStart, start + Int64(bytes.count) <= size
        else {
            throw .ranges
        }
        self.size = size
        parts = [(start, bytes)]
    }

    /// The bytes in `range`. Blocks.
    func bytes(_ range: Range<Int64>) throws(FetchError) -> [UInt8] {
        for part in parts where part.start <= range.lowerBound {
            let offset = Int(range.lowerBound - part.start)
            if offset + range.count <= part.bytes.count {
                return Array(part.bytes[offset..<offset + range.count])
            }
        }
        let last = min(size, max(range.upperBound, range.lowerBound + Self.shortest)) - 1
        guard last >= range.lowerBound, Int64(range.count) <= Self.longest else {
            throw .bad("It asks for too much.")
        }
        do throws(Refusal) {
            let (head, bytes) = try Self.fetch(.bytes(range.lowerBound...last), of: url, by: fetcher)
            guard head.rangeStart == range.lowerBound, head.completeLength == size, bytes.count >= range.count
            else {
                throw .failed(.bad("\(url.host) sent another part than it was asked for."))
            }
            parts.append((range.lowerBound, bytes))
            return Array(bytes.prefix(range.count))
        } catch {
            switch error {
            case .ranges: throw .bad("\(url.host) sent a part, and then no more.")
            case .failed(let error): throw error
            }
        }
    }

    private static func fetch(
        _ range: FetchRequest.Range,
        of url: WebURL,
        by fetcher: Fetcher
    ) throws(Refusal) -> (head: FetchHead, bytes: [UInt8]) {
        var request = FetchRequest(url, limits: FetchLimits(bytes: longest))
        request.range = range
        let sink = PartSink()
        do throws(FetchError) {
            return (try fetcher.fetch(request, into: sink), sink.bytes)
        } catch {
            throw sink.isWhole ? .ranges : .failed(error)
        }
    }

    /// Takes a part, and not a byte of a whole.
    private final class PartSink: FetchSink {
        private(set) var bytes: [UInt8] = []
        private(set) var isWhole = false

        func begin(_ head: FetchHead) -> Bool {
            isWhole = head.status != 206
            return !isWhole
        }

        func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
            self.bytes += bytes
            return true
        }
    }
}
