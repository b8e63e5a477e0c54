internal import CLibCurl
internal import Glibc

/// Handing a transfer to libcurl.
extension Transfer {
    /// Asks, and blocks until the answer ended.
    func run(
        on handle: CurlHandle,
        _ curl: Curl,
        credentials: FetchCredentials,
        caFile: String?,
        userAgent: String,
        total: Duration?
    ) -> Result<Void, FetchError> {
        let pointer = handle.pointer
        curl.functions.easy_reset(pointer)
        curl.set(CURLOPT_URL, url.description, on: pointer)
        curl.set(CURLOPT_PROTOCOLS_STR, url.isSecure ? "https" : "http", on: pointer)
        curl.set(CURLOPT_FOLLOWLOCATION, 0, on: pointer)
        curl.set(CURLOPT_NOSIGNAL, 1, on: pointer)
        // An address behind a proxy could not be checked.
        curl.set(CURLOPT_PROXY, "", on: pointer)
        curl.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1, on: pointer)
        curl.set(CURLOPT_TCP_KEEPALIVE, 1, on: pointer)
        curl.set(CURLOPT_BUFFERSIZE, 262_144, on: pointer)
        curl.set(CURLOPT_USERAGENT, userAgent, on: pointer)
        if request.isHead { curl.set(CURLOPT_NOBODY, 1, on: pointer) }
        if request.acceptsGzip { curl.set(CURLOPT_ACCEPT_ENCODING, "gzip", on: pointer) }
        if let caFile { curl.set(CURLOPT_CAINFO, caFile, on: pointer) }
        // Its length first, since it is copied here.
        request.body?.withUnsafeBytes { body in
            curl.set(CURLOPT_POSTFIELDSIZE, body.count, on: pointer)
            curl.set(CURLOPT_COPYPOSTFIELDS, body.baseAddress ?? UnsafeRawPointer(pointer), on: pointer)
        }
        limit(pointer, curl, total)
        authenticate(pointer, curl, credentials)
        return withFields(curl, pointer) {
            var message = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
            let code = message.withUnsafeMutableBufferPointer { buffer in
                curl.set(CURLOPT_ERRORBUFFER, UnsafeRawPointer(buffer.baseAddress), on: pointer)
                connect(pointer, curl)
                defer { curl.set(CURLOPT_ERRORBUFFER, nil as UnsafeRawPointer?, on: pointer) }
                return curl.functions.easy_perform(pointer)
            }
            let words = message[0] == 0 ? curl.functions.easy_strerror(code).map { String(cString: $0) } : nil
            let text =
                words
                ?? String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return outcome(code, text)
        }
    }

    private func limit(_ pointer: UnsafeMutableRawPointer, _ curl: Curl, _ total: Duration?) {
        let limits = request.limits
        curl.set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(limits.connect), on: pointer)
        if let total { curl.set(CURLOPT_TIMEOUT_MS, max(1, Self.milliseconds(total)), on: pointer) }
        curl.set(CURLOPT_LOW_SPEED_LIMIT, limits.slowest, on: pointer)
        curl.set(CURLOPT_LOW_SPEED_TIME, max(1, Int(limits.stall.components.seconds)), on: pointer)
    }

    private func authenticate(
        _ pointer: UnsafeMutableRawPointer,
        _ curl: Curl,
        _ credentials: FetchCredentials
    ) {
        switch credentials {
        case .none: break
        case .netrc(let path):
            curl.set(CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue), on: pointer)
            curl.set(CURLOPT_NETRC_FILE, path, on: pointer)
        case .basic(let user, let password, _):
            curl.set(CURLOPT_USERNAME, user, on: pointer)
            // It was read by now.
            if case .text(let text) = password { curl.set(CURLOPT_PASSWORD, text, on: pointer) }
        }
    }

    /// Runs `body` while the request has its header fields.
    private func withFields<Value>(_ curl: Curl, _ pointer: UnsafeMutableRawPointer, _ body: () -> Value)
        -> Value
    {
        var fields = request.fields
        if let etag = request.validators.etag { fields.append(("If-None-Match", etag)) }
        if let date = request.validators.lastModified { fields.append(("If-Modified-Since", date)) }
        if let range = request.range { fields.append(("Range", range.text)) }
        if let bearer = request.bearer, bearer.origins.contains(url.origin) {
            fields.append(("Authorization", "Bearer \(bearer.token)"))
        }
        if !request.acceptsGzip { fields.append(("Accept-Encoding", "identity")) }
        var list: UnsafeMutablePointer<curl_slist>?
        for (name, value) in fields {
            // No value of a page or a file may add a line.
            let line = "\(name): \(value)".utf8.filter { $0 >= 32 && $0 != 127 }
            list = curl.functions.slist_append(list, String(decoding: line, as: UTF8.self)) ?? list
        }
        defer { curl.functions.slist_free_all(list) }
        curl.set(CURLOPT_HTTPHEADER, UnsafeRawPointer(list), on: pointer)
        defer { curl.set(CURLOPT_HTTPHEADER, nil as UnsafeRawPointer?, on: pointer) }
        return body()
    }

    private func connect(_ pointer: UnsafeMutableRawPointer, _ curl: Curl) {
        let transfer = Unmanaged.passUnretained(self).toOpaque()
        withUnsafePointer(to: curl.functions) { functions in
            _ = shim_set_transfer(
                functions,
                pointer,
                transfer,
                { line, _, count, transfer in
                    Transfer.of(transfer).take(headerLine: UnsafeRawBufferPointer(start: line, count: count))
                        ? count : 0
                },
                { piece, _, count, transfer in
                    // An empty piece is no sign of a failure, though 0 is returned for it.
                    Transfer.of(transfer).take(body: UnsafeRawBufferPointer(start: piece, count: count))
                        ? count : Int(CURL_WRITEFUNC_ERROR)
                },
                { transfer, _, received, _, _ in Transfer.of(transfer).goOn(after: Int64(received)) ? 0 : 1 },
                { transfer, _, address in
                    guard let address else { return -1 }
                    return Transfer.of(transfer).open(address)
                }
            )
        }
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(pointer!).takeUnretainedValue()
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
    }
}
