/// Where an answer goes, piece by piece, on the thread that fetches.
public protocol FetchSink: AnyObject {
    /// Takes the head of a 200 or 206, before its body; false ends the fetch.
    func begin(_ head: FetchHead) -> Bool
    /// Takes the next bytes of the body, decoded; false ends the fetch.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool
}

/// Keeps the body in memory.
public final class MemorySink: FetchSink {
    /// What came so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty one.
    public init() {}

    /// What is announced gets its room at once, up to here: growing step by step would copy most of it twice. Room that
    /// nobody fills takes no memory, only addresses.
    private static let mostReserved: Int64 = 16 << 20

    /// Makes room for what is announced.
    public func begin(_ head: FetchHead) -> Bool {
        bytes.reserveCapacity(Int(min(head.contentLength ?? 0, Self.mostReserved)))
        return true
    }

    /// Appends it.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        self.bytes += bytes
        return true
    }
}
