internal import Fetch

/// Requests with a body: nothing here takes one, so each is refused, by the responder or before it.
struct BodyCheck: ServerCheck {
    /// More than the 128 KiB that mod_fcgid passes on unless told otherwise, in bytes.
    private static let large = 512 << 10

    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        // A server may hang up on a body that the responder's process ends without reading; another try tells.
        let small: PlainAnswer
        if let first = try? Self.post(64, visit) { small = first } else { small = try Self.post(64, visit) }
        guard small.status == 405, small["allow"]?.contains("GET") == true else {
            return [visit.warning("POST is \(small.status), not 405 with Allow.", Self.methods)]
        }
        // A server may as well hang up as read it all, which is no fault as long as nothing is uploaded.
        let large = try? Self.post(Self.large, visit)
        switch large?.status {
        case 405: return [.ok("POST is refused by the responder (405), and bodies of 512 KiB come through.")]
        case 413: return [.ok("POST is refused by the responder (405), a large one by the web server (413).")]
        case let status:
            let end = status.map { "answered with \($0)" } ?? "cut off"
            return [
                .ok(
                    "POST is refused by the responder (405), and one of 512 KiB is \(end) by the web server. Its limit: "
                        + "\(Self.limit.words(for: visit.server))."
                )
            ]
        }
    }

    private static func post(_ size: Int, _ visit: Visit) throws(FetchError) -> PlainAnswer {
        try visit.front.send("simple/", method: "POST", body: [UInt8](repeating: 32, count: size))
    }

    private static let methods = Remedy(
        nginx:
            "take `limit_except` and `error_page 405` out of the location; the responder answers 405 with Allow",
        apache: "take `<Limit>`, `AllowMethods` and `Script POST` out; the responder answers 405 with Allow",
        lighttpd: "take `url.access-deny` by method out; the responder answers 405 with Allow",
        other: "leave methods to the responder, which answers 405 with Allow"
    )

    private static let limit = Remedy(
        nginx: "`client_max_body_size`",
        apache: "`LimitRequestBody`, and with mod_fcgid `FcgidMaxRequestLen`",
        lighttpd: "`server.max-request-size`, and a directory in `server.upload-dirs` that it may write",
        other: "see its manual"
    )
}
