internal import Fetch

/// The parts of a remote file that were asked for.
final class RemoteParts {
    enum Refusal: Error {
        /// The server has only the whole.
        case ranges
        case failed(FetchError)
    }

    let size: Int64
    private let origin: RemoteFile.Origin
    /// Where the first part came from, after all redirects.
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
        self.origin = origin
        self.fetcher = fetcher
        let range: FetchRequest.Range =
            if let size = origin.size, size > 0 { .bytes(max(0, size - Self.tail)...size - 1) } else {
                .last(Self.tail)
            }
        let (head, bytes) = try Self.fetch(range, of: origin, at: origin.url, by: fetcher)
        // A part of what no file can be is none; every sum that is made of these stays small.
        guard let size = head.completeLength, (0...RemoteFiles.largest).contains(size),
            let start = head.rangeStart, start <= size, Int64(bytes.count) <= size - start
        else { throw .ranges }
        self.size = size
        url = head.url
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
            let (head, bytes) = try Self.fetch(
                .bytes(range.lowerBound...last),
                of: origin,
                at: url,
                by: fetcher
            )
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
        of origin: RemoteFile.Origin,
        at url: WebURL,
        by fetcher: Fetcher
    ) throws(Refusal) -> (head: FetchHead, bytes: [UInt8]) {
        var request = origin.request(url, FetchLimits(bytes: longest))
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
