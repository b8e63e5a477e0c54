internal import CLibCurl
internal import Glibc

/// One request as it is written, and its answer as it comes: for looking at a server, not for getting something from
/// it. No redirect is followed, nothing is decoded, no proxy is asked, and every status is an answer.
public struct PlainRequest: Sendable {
    /// An http or https URL; it may name user and password, else `~/.netrc` is looked at. Its path is sent as it is.
    public var url: String
    /// The method.
    public var method = "GET"
    /// More header fields.
    public var fields: [(name: String, value: String)] = []
    /// What is sent along; `nil` for no body at all.
    public var body: [UInt8]?
    /// The certificates that are trusted, as a file; `nil` for the system's.
    public var caFile: String?
    /// The seconds that everything may take.
    public var patience = 30
    /// Bytes of the answer's body that are read; the rest is not waited for.
    public var limit = 8 << 20

    /// A GET.
    public init(_ url: String) { self.url = url }

    /// Sends it. Blocks.
    ///
    /// - Throws: `unreachable`, when no head of an answer came.
    public func send() throws(FetchError) -> PlainAnswer {
        let curl = try Curl.loaded.get()
        guard let handle = curl.functions.easy_init() else {
            throw .unreachable("libcurl has no handle left.")
        }
        defer { curl.functions.easy_cleanup(handle) }
        var lines: UnsafeMutablePointer<curl_slist>?
        defer { curl.functions.slist_free_all(lines) }
        // Without this libcurl waits for a "100 Continue" that FastCGI has not.
        for field in fields + [("Expect", "")] {
            lines = curl.functions.slist_append(
                lines,
                field.value.isEmpty ? "\(field.name):" : "\(field.name): \(field.value)"
            )
        }
        configure(handle, curl, lines)
        let received = Received(limit: limit)
        let context = Unmanaged.passUnretained(received).toOpaque()
        let code = withUnsafePointer(to: curl.functions) { functions in
            _ = shim_set_transfer(functions, handle, context, Self.head, Self.write, Self.progress, Self.open)
            return withExtendedLifetime(received) {
                (body ?? []).withUnsafeBytes { bytes in
                    if let body {
                        _ = shim_set_pointer(functions, handle, CURLOPT_POSTFIELDS, bytes.baseAddress)
                        _ = shim_set_size(
                            functions,
                            handle,
                            CURLOPT_POSTFIELDSIZE_LARGE,
                            curl_off_t(body.count)
                        )
                    }
                    return curl.functions.easy_perform(handle)
                }
            }
        }
        guard let answer = received.answer else {
            let reason = curl.functions.easy_strerror(code).map { String(cString: $0) } ?? "no answer"
            throw .unreachable("\(reason).")
        }
        return answer
    }

    private func configure(
        _ handle: UnsafeMutableRawPointer,
        _ curl: Curl,
        _ lines: UnsafeMutablePointer<curl_slist>?
    ) {
        curl.set(CURLOPT_URL, url, on: handle)
        curl.set(CURLOPT_PATH_AS_IS, 1, on: handle)
        curl.set(CURLOPT_PROXY, "", on: handle)
        curl.set(CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue), on: handle)
        curl.set(CURLOPT_NOSIGNAL, 1, on: handle)
        curl.set(CURLOPT_TIMEOUT, patience, on: handle)
        curl.set(CURLOPT_HTTPHEADER, lines, on: handle)
        curl.set(CURLOPT_PROTOCOLS_STR, "http,https", on: handle)
        if let caFile { curl.set(CURLOPT_CAINFO, caFile, on: handle) }
        if body != nil { curl.set(CURLOPT_POST, 1, on: handle) }
        if method == "HEAD" {
            curl.set(CURLOPT_NOBODY, 1, on: handle)
        } else {
            curl.set(CURLOPT_CUSTOMREQUEST, method, on: handle)
        }
    }

    // MARK: Callbacks

    /// What came so far.
    private final class Received {
        let limit: Int
        var answer: PlainAnswer?

        init(limit: Int) { self.limit = limit }

        func head(_ line: String) {
            if line.hasPrefix("HTTP/") {
                // A later status line follows an interim answer.
                let words = line.split(separator: " ", maxSplits: 2)
                answer = words.count > 1 ? Int(words[1]).map { PlainAnswer(status: $0) } : nil
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                answer?.fields.append((line[..<colon].lowercased(), String(value)))
            }
        }

        func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
            let count = answer?.body.count ?? 0
            answer?.body += bytes.prefix(limit - count)
            return count + bytes.count <= limit
        }
    }

    private static let head:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            bytes,
            size,
            count,
            context in
            guard let bytes, let context else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            let text = String(decoding: line, as: UTF8.self).filter { !$0.isNewline }
            Unmanaged<Received>.fromOpaque(context).takeUnretainedValue().head(text)
            return size * count
        }

    private static let write:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            bytes,
            size,
            count,
            context in
            guard let bytes, let context else { return 0 }
            let received = Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
            return received.write(UnsafeRawBufferPointer(start: bytes, count: size * count))
                ? size * count : 0
        }

    private static let progress:
        @convention(c) (UnsafeMutableRawPointer?, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> Int32 = {
            _,
            _,
            _,
            _,
            _ in 0
        }

    private static let open:
        @convention(c) (UnsafeMutableRawPointer?, curlsocktype, UnsafeMutablePointer<curl_sockaddr>?)
            -> curl_socket_t = { _, _, address in
                guard let address = address?.pointee else { return -1 }
                return Glibc.socket(
                    address.family,
                    address.socktype | Int32(SOCK_CLOEXEC.rawValue),
                    address.protocol
                )
            }
}
