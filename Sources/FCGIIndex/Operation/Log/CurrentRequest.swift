internal import FastCGI
internal import Glibc

/// The request that this thread answers, for the log.
enum CurrentRequest {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Runs `body`; what it logs on this thread is about `request`.
    static func with<Value>(_ request: Request, _ body: () -> Value) -> Value {
        // Unretained: whoever calls has it, and it is taken away again before this returns, or when it is handed over.
        pthread_setspecific(key, Unmanaged.passUnretained(request).toOpaque())
        defer { pthread_setspecific(key, nil) }
        return body()
    }

    /// Ends that: another thread has the request now, and may end it at any time.
    static func handOver() { pthread_setspecific(key, nil) }

    /// The id that the web server gave the request (`PYINDEX_REQUEST_ID`); `nil` where it gave none, or one that is
    /// not 1 to 64 letters, digits, `.`, `_` and `-`.
    static var id: String? {
        guard let pointer = pthread_getspecific(key) else { return nil }
        let request = Unmanaged<Request>.fromOpaque(pointer).takeUnretainedValue()
        return request.parameter("PYINDEX_REQUEST_ID").flatMap { isPlain($0) ? $0 : nil }
    }

    static func isPlain(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
