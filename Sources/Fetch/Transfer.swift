internal import CLibCurl
internal import Glibc

/// One request and its answer, as libcurl's callbacks see it. Used by the thread that runs it alone.
final class Transfer {
    let request: FetchRequest
    /// Where this hop asks; the request's own URL for the first.
    let url: WebURL
    let policy: FetchPolicy
    let sink: any FetchSink
    private(set) var status = 0
    private(set) var fields: [String: String] = [:]
    /// Why we ended it.
    private(set) var failure: FetchError?
    /// Whether the sink got the head.
    private var isBegun = false
    private var received: Int64 = 0
    /// What an answer says that is no success, where somebody judges it.
    private var story: [UInt8] = []

    /// A body that nobody wants is read up to here, so that the connection can be used again.
    private static let discarded = 65_536
    /// Bytes of all header lines.
    private static let longestHead = 65_536
    private var headLength = 0

    init(_ request: FetchRequest, at url: WebURL, policy: FetchPolicy, sink: any FetchSink) {
        self.request = request
        self.url = url
        self.policy = policy
        self.sink = sink
    }

    var head: FetchHead { FetchHead(url: url, status: status, fields: fields) }

    /// Whether the answer is one whose body the sink gets.
    var isContent: Bool { status == 200 || status == 206 }

    // MARK: What libcurl calls

    func take(headerLine line: UnsafeRawBufferPointer) -> Bool {
        headLength += line.count
        if headLength > Self.longestHead {
            return fail(.bad("The header lines of \(url.host) are too long."))
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // Each of several heads (100, 103) begins anew.
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0
            fields = [:]
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields[text[..<colon].lowercased()] = String(
                value.prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
            )
        } else if text == "\r\n" || text == "\n" {
            return begin()
        }
        return true
    }

    private func begin() -> Bool {
        guard isContent, !isBegun else { return true }
        isBegun = true
        if !request.isHead, let length = head.contentLength, length > request.limits.bytes {
            return fail(tooLarge)
        }
        return sink.begin(head) || fail(.ended)
    }

    func take(body piece: UnsafeRawBufferPointer) -> Bool {
        received += Int64(piece.count)
        // Another status may have a long story to tell; the connection is given up then.
        guard isContent else {
            if request.judge != nil && received <= Self.discarded { story += piece }
            return received <= Self.discarded
        }
        if received > request.limits.bytes { return fail(tooLarge) }
        return sink.write(piece) || fail(.ended)
    }

    /// - Parameter bytes: of the body, as it is sent.
    func goOn(after bytes: Int64) -> Bool {
        if isContent && bytes > request.limits.bytes { return fail(tooLarge) }
        return request.isWanted() || fail(.ended)
    }

    /// A socket for `address`, or -1 where the policy forbids it.
    func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Int32 {
        let to = withUnsafePointer(to: &address.pointee.addr) { Address($0) }
        if let reason = to.map({ policy.objection(to: $0, for: url) })
            ?? "has an address of an unknown family."
        {
            failure = .bad("\(url.host) \(reason)")
            return -1
        }
        // Another address of the same host may be fine.
        failure = nil
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, type, address.pointee.protocol)
    }

    private var tooLarge: FetchError {
        .bad("What \(url.host) sends is larger than \(request.limits.bytes) bytes.")
    }

    private func fail(_ error: FetchError) -> Bool {
        failure = error
        return false
    }

    // MARK: What it comes to

    /// Judges the answer, after libcurl ended with `code`.
    ///
    /// - Parameter message: libcurl's own words.
    func outcome(_ code: CURLcode, _ message: String) -> Result<Void, FetchError> {
        if let failure { return .failure(failure) }
        // What was not wanted of an error's body says nothing about the answer.
        if code != CURLE_OK && (isContent || status == 0) { return .failure(error(code, message)) }
        if status >= 400, let judge = request.judge {
            if let error = judge(FetchRefusal(head: head, body: story)) { return .failure(error) }
        }
        switch status {
        case 200, 206, 304: return .success(())
        case 301, 302, 303, 307, 308: return .success(())
        case 404, 410: return .failure(.absent(status: status))
        case 401, 403, 407: return .failure(.refused(status: status))
        case 429, 503: return .failure(.limited(status: status, retryAfter: head.retryAfter))
        case 500...: return .failure(.unreachable("\(url.host) answered \(status)."))
        default: return .failure(.bad("\(url.host) answered \(status)."))
        }
    }

    private func error(_ code: CURLcode, _ message: String) -> FetchError {
        switch code {
        case CURLE_PARTIAL_FILE: .bad("\(url.host) sent less than it said: \(message).")
        case CURLE_BAD_CONTENT_ENCODING: .bad("What \(url.host) sent cannot be decoded: \(message).")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2:
            .bad("\(url.host) does not speak HTTP: \(message).")
        default: .unreachable("\(url.host): \(message).")
        }
    }
}
