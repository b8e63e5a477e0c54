internal import Fetch
internal import Synchronization

/// Metadata of a file that is being looked for, for everybody who wants it meanwhile.
final class MetadataSearch: Sendable {
    private let flight = Flight()
    private let end = Mutex<Result<[UInt8]?, FetchError>?>(nil)

    /// Says what came of it.
    func end(_ result: Result<[UInt8]?, FetchError>) {
        end.withLock { $0 = result }
        flight.end()
    }

    /// What came of it; `nil` where that takes too long to wait for. Blocks.
    func wait() -> Result<[UInt8]?, FetchError>? {
        flight.wait(Patience.absent) ? end.withLock { $0 } : nil
    }
}
