/// Percent-encoding of path segments (RFC 3986 §2.1).
enum PercentEncoding {
    /// `segment` with every byte but the unreserved ones encoded, so that it is one segment in any URL and in the
    /// X-Accel-Redirect header, which nginx decodes.
    static func encode(_ segment: String) -> String {
        if segment.utf8.allSatisfy({ $0.isUnreserved }) { return segment }
        var encoded = ""
        for byte in segment.utf8 {
            if byte.isUnreserved {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }

    /// `path` with its slashes, and every segment encoded.
    static func encodePath(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { encode(String($0)) }
            .joined(separator: "/")
    }

    /// `segment` decoded once; `nil` for a broken escape, and for a slash, backslash or NUL that was hidden in one.
    static func decode(_ segment: Substring) -> String? {
        if !segment.utf8.contains(37) { return String(segment) }
        var bytes: [UInt8] = []
        var rest = segment.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == 37 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue
            else {
                return nil
            }
            let value = high << 4 | low
            if value == 47 || value == 92 || value == 0 { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var hexadecimalValue: UInt8? {
        switch self {
        case 48...57: self - 48
        case 65...70: self - 55
        case 97...102: self - 87
        default: nil
        }
    }
}
