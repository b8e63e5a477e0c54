internal import Fetch

extension Fetcher {
    /// Fetches all of it into memory, once more after a failure that came at once, such as a connection that the server
    /// had closed meanwhile.
    func insistently(_ request: FetchRequest) throws(FetchError) -> (head: FetchHead, bytes: [UInt8]) {
        let start = ContinuousClock.now
        do throws(FetchError) {
            return try bytes(of: request)
        } catch {
            guard case .unreachable = error, ContinuousClock.now - start < .seconds(1) else { throw error }
        }
        return try bytes(of: request)
    }
}
