internal import CLibCurl
internal import Synchronization

/// Fetches by HTTP, within limits and by a policy. Blocks; any number of threads may use one.
///
/// Redirects are followed here, one by one: each is checked as the first URL was, and gets no credentials but its own.
public final class Fetcher: Sendable {
    private let policy: FetchPolicy
    private let credentials: FetchCredentials
    private let caFile: String?
    private let userAgent: String
    /// Handles that nobody uses now, with the connections they keep.
    private let idle = Mutex<[CurlHandle]>([])

    /// Redirects that are followed.
    private static let mostRedirects = 10
    /// Handles that are kept.
    private static let mostIdle = 8

    /// - Parameters:
    ///   - caFile: certificates to trust, in PEM; `nil` for those of the system.
    public init(
        policy: FetchPolicy,
        credentials: FetchCredentials = .none,
        caFile: String? = nil,
        userAgent: String
    ) {
        self.policy = policy
        self.credentials = credentials
        self.caFile = caFile
        self.userAgent = userAgent
    }

    deinit {
        let handles = idle.withLock { $0 }
        // Asking for libcurl would load it.
        guard !handles.isEmpty, case .success(let curl) = Curl.loaded else { return }
        for handle in handles { curl.functions.easy_cleanup(handle.pointer) }
    }

    /// Fetches `request`, and hands the answer to `sink`, which gets nothing of a 304, of a redirect, or of an error.
    ///
    /// - Returns: the head of the last answer: 200, 206, or 304; a redirect's, where the request stops there.
    /// - Throws: why there is none, or not all of it; then the sink may have got a part.
    @discardableResult
    public func fetch(_ request: FetchRequest, into sink: any FetchSink) throws(FetchError) -> FetchHead {
        let deadline = request.limits.total.map { ContinuousClock.now + $0 }
        var url = request.url
        for _ in 0...Self.mostRedirects {
            if let reason = policy.objection(to: url) { throw .bad("\(url.host) \(reason)") }
            let transfer = Transfer(request, at: url, policy: policy, sink: sink)
            try perform(transfer, deadline: deadline)
            guard let next = try redirect(of: transfer) else { return transfer.head }
            if request.stopsAtRedirect { return transfer.head }
            if request.body != nil { throw .bad("\(url.host) redirects what is sent to it.") }
            url = next
        }
        throw .bad("\(request.url.host) redirects without end.")
    }

    /// Fetches all of it into memory.
    public func bytes(of request: FetchRequest) throws(FetchError) -> (head: FetchHead, bytes: [UInt8]) {
        let sink = MemorySink()
        return (try fetch(request, into: sink), sink.bytes)
    }

    /// Asks for the head alone.
    public func head(of request: FetchRequest) throws(FetchError) -> FetchHead {
        var request = request
        request.isHead = true
        return try fetch(request, into: NoBody())
    }

    private final class NoBody: FetchSink {
        func begin(_ head: FetchHead) -> Bool { true }
        func write(_ bytes: UnsafeRawBufferPointer) -> Bool { false }
    }

    private func perform(_ transfer: Transfer, deadline: ContinuousClock.Instant?) throws(FetchError) {
        let curl = try Curl.loaded.get()
        let total = deadline.map { $0 - .now }
        if let total, total <= .zero { throw .unreachable("\(transfer.url.host) took too long.") }
        let handle = try take(curl)
        defer { putBack(handle, curl) }
        try transfer.run(
            on: handle,
            curl,
            credentials: policy.credentials(credentials, for: transfer.url).read(),
            caFile: caFile,
            userAgent: userAgent,
            total: total
        ).get()
    }

    /// Where the answer sends us; `nil` where it is the last.
    private func redirect(of transfer: Transfer) throws(FetchError) -> WebURL? {
        guard (300...399).contains(transfer.status), transfer.status != 304 else { return nil }
        guard let location = transfer.fields["location"], let next = transfer.url.resolving(location) else {
            throw .bad("\(transfer.url.host) redirects to what is no http or https URL.")
        }
        if transfer.url.isSecure && !next.isSecure {
            throw .bad("\(transfer.url.host) redirects from https to http.")
        }
        return next
    }

    private func take(_ curl: Curl) throws(FetchError) -> CurlHandle {
        if let handle = idle.withLock({ $0.popLast() }) { return handle }
        guard let pointer = curl.functions.easy_init() else {
            throw .unreachable("libcurl is short of memory.")
        }
        return CurlHandle(pointer: pointer)
    }

    private func putBack(_ handle: CurlHandle, _ curl: Curl) {
        let isKept = idle.withLock { idle in
            if idle.count >= Self.mostIdle { return false }
            idle.append(handle)
            return true
        }
        if !isKept { curl.functions.easy_cleanup(handle.pointer) }
    }
}
