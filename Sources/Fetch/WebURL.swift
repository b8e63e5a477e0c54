/// An absolute http or https URL (RFC 3986), without user, password and fragment.
///
/// It is read strictly: whoever else reads it must find the same host in it, since that is what is checked.
public struct WebURL: Hashable, Sendable, CustomStringConvertible {
    /// Scheme and host in lower case, the path not empty; ASCII only, so that it may stand in a header.
    public let description: String
    /// Where the authority starts and ends in `description`, in bytes.
    private let authority: Range<Int>

    /// Longer ones are refused, in bytes.
    public static let longest = 4096

    /// The same host's URL of `target`, a path and maybe a query that need no reading; `nil` where it is too long.
    func atRoot(_ target: String) -> WebURL? {
        let length = authority.upperBound + target.utf8.count
        return length <= Self.longest ? WebURL(self, target: target) : nil
    }

    private init(_ other: WebURL, target: String) {
        authority = other.authority
        description = other.text(0..<authority.upperBound) + target
    }

    /// Reads `text`, whose fragment is dropped; `nil` for what is no such URL.
    public init?(_ text: some StringProtocol) {
        // A page has tens of thousands, most of them as they should be: those are not taken apart.
        var text = String(text)
        guard let shape = text.withUTF8({ Shape($0) }) else { return nil }
        authority = shape.authority
        if shape.isNormal {
            description = text
            return
        }
        let bytes = Array(text.utf8.prefix(shape.length))
        let head = bytes[..<authority.upperBound].map(Self.lowered)
        let rest = bytes[authority.upperBound...]
        let slash = rest.first == UInt8(ascii: "/") ? "" : "/"
        description = String(decoding: head, as: UTF8.self) + slash + String(decoding: rest, as: UTF8.self)
    }

    /// Where the parts of a URL are.
    private struct Shape {
        let authority: Range<Int>
        /// Bytes without the fragment.
        let length: Int
        /// Whether it is written as this type writes it.
        let isNormal: Bool

        init?(_ bytes: UnsafeBufferPointer<UInt8>) {
            length = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.count
            guard length <= WebURL.longest, let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
                colon == 4 || colon == 5,
                bytes[..<length].allSatisfy(WebURL.isPlain)
            else { return nil }
            let scheme = bytes[..<colon].lazy.map(WebURL.lowered)
            let start = colon + 3
            guard scheme.elementsEqual("http".utf8) || scheme.elementsEqual("https".utf8), start <= length,
                bytes[colon..<start].elementsEqual("://".utf8)
            else { return nil }
            let end =
                bytes[start..<length].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
                ?? length
            guard WebURL.isAuthority(Array(bytes[start..<end])[...]) else { return nil }
            authority = start..<end
            isNormal =
                length == bytes.count && end < length && bytes[end] == UInt8(ascii: "/")
                && bytes[..<end].allSatisfy { WebURL.lowered($0) == $0 }
        }
    }

    /// Whether the connection is encrypted.
    public var isSecure: Bool { authority.lowerBound == 8 }

    /// Host and port as written.
    private var hostPort: Substring { text(authority) }

    /// The host in lower case; an IPv6 address without its brackets.
    public var host: String {
        let text = hostPort
        if text.utf8.first == UInt8(ascii: "[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        return String(text.prefix { $0 != ":" })
    }

    /// The port, which the scheme says where the URL does not.
    public var port: Int {
        let text = hostPort
        let rest = text.first == "[" ? text.drop { $0 != "]" }.dropFirst() : text.drop { $0 != ":" }
        return Int(rest.dropFirst()) ?? (isSecure ? 443 : 80)
    }

    /// Path and query.
    public var target: Substring { text(authority.upperBound..<description.utf8.count) }

    /// The path; begins with a slash.
    public var path: Substring { Substring(target.utf8.prefix { $0 != UInt8(ascii: "?") }) }

    /// Scheme, host and port: who is asked.
    public var origin: String { "\(isSecure ? "https" : "http")://\(host):\(port)" }

    /// The last segment of the path as it is written, percent-encoded; may be empty.
    public var lastSegment: Substring {
        var written = description
        let segment = written.withUTF8 { bytes in
            let end = bytes[authority.upperBound...].firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
            let slash = bytes[..<end].lastIndex(of: UInt8(ascii: "/")) ?? authority.upperBound
            return slash + 1..<end
        }
        return text(segment)
    }

    /// The same URL with `suffix` at the end of its path.
    public func appending(_ suffix: String) -> WebURL? {
        let query = target.dropFirst(path.count)
        return WebURL(text(0..<authority.upperBound) + path + suffix + query)
    }

    private func text(_ range: Range<Int>) -> Substring {
        let utf8 = description.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return description[start..<utf8.index(start, offsetBy: range.count)]
    }

    // MARK: Reading

    /// What may stand in a URL, or is tolerated in one; a backslash is not, since some take it for a slash.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        // All that can be seen but " < > \ ^ ` { | }
        case 33, 35...59, 61, 63...91, 93, 95, 97...122, 126: true
        default: false
        }
    }

    /// A host, and a port or none. No user name: what is before an `@` would be taken for a host by people.
    private static func isAuthority(_ bytes: ArraySlice<UInt8>) -> Bool {
        var host = bytes
        var port: ArraySlice<UInt8> = []
        if bytes.first == UInt8(ascii: "["), let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) {
            host = bytes[(bytes.startIndex + 1)..<bracket]
            guard !host.isEmpty, host.allSatisfy({ isHexadecimal($0) || $0 == 58 || $0 == 46 }) else {
                return false
            }
            port = bytes[(bracket + 1)...]
            if port.isEmpty { return true }
            guard port.first == UInt8(ascii: ":") else { return false }
            port = port.dropFirst()
        } else {
            if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
                (host, port) = (bytes[..<colon], bytes[(colon + 1)...])
                if port.isEmpty { return false }
            }
            let isName = host.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 }
            guard isName, !host.isEmpty, host.count <= 253, host.first != 46 else { return false }
        }
        return port.isEmpty
            || port.count <= 5 && (Int(String(decoding: port, as: UTF8.self)) ?? 0) <= 65_535
                && port.allSatisfy { (48...57).contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }
}
