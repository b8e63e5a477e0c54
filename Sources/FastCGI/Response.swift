/// A whole answer as it goes to the web server: CGI header lines (RFC 3875 §6.3), an empty line, the body.
///
/// Made once and sent as often as needed; copies share the bytes.
public struct Response: Sendable {
    /// A header line: a field name and its value.
    public typealias Field = (name: String, value: String)

    /// The status code, 100...599.
    public let status: Int
    /// Header lines and body.
    let bytes: [UInt8]
    /// Where the body starts in `bytes`.
    let headLength: Int
    /// What comes after `bytes`.
    let file: FileBody?

    /// Bytes of header lines and body together.
    public var count: Int { bytes.count + Int(file?.count ?? 0) }

    /// Whether a socket's buffer takes all of it, so that sending it does not wait for the peer.
    public var isShort: Bool { count <= 65_536 }

    /// Whether it is read from a file while it is sent, at the pace of whoever takes it.
    public var isLongFile: Bool { file != nil && !isShort }

    /// Serializes an answer. This is the one place where header lines are written: control characters in the
    /// reason and in values are dropped, so no value can add a line (RFC 9110 §5.5).
    ///
    /// - Parameters:
    ///   - reason: the reason phrase; it is what pip and uv print of an error.
    ///   - file: the body, or the rest of it.
    public init(
        status: Int,
        reason: String,
        _ fields: [Field] = [],
        body: [UInt8] = [],
        file: FileBody? = nil
    ) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 + body.count)
        bytes += "Status: \(status) ".utf8
        bytes += Self.printable(reason)
        for (name, value) in fields {
            bytes += [13, 10]
            bytes += name.utf8
            bytes += [58, 32]
            bytes += Self.printable(value)
        }
        bytes += [13, 10, 13, 10]
        headLength = bytes.count
        bytes += body
        self.bytes = bytes
        self.file = file
        self.status = status
    }

    private init(head: ArraySlice<UInt8>, status: Int) {
        bytes = Array(head)
        headLength = head.count
        file = nil
        self.status = status
    }

    /// The same answer without its body, for HEAD.
    public var withoutBody: Response {
        headLength == bytes.count && file == nil ? self : Response(head: bytes[..<headLength], status: status)
    }

    /// The same answer with another header line, in front of the others.
    public func adding(_ field: Field) -> Response { Response(self, adding: field) }

    private init(_ other: Response, adding field: Field) {
        let line = [13, 10] + Array("\(field.name): ".utf8) + Self.printable(field.value)
        // Behind the line of the status, which stands first.
        let end = other.bytes.firstIndex(of: 13) ?? other.bytes.startIndex
        bytes = Array(other.bytes[..<end]) + line + other.bytes[end...]
        headLength = other.headLength + line.count
        file = other.file
        status = other.status
    }

    /// All of it as text, for tests and logs.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    private static func printable(_ text: String) -> some Sequence<UInt8> {
        text.utf8.lazy.filter { $0 >= 32 && $0 != 127 }
    }
}
