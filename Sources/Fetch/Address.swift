internal import Glibc

/// Who can be reached at an address, by the registries of special-purpose addresses (RFC 6890).
enum AddressKind: String {
    case `public`, `private`, loopback
    /// Where cloud providers keep the credentials of machines, too.
    case linkLocal = "link-local"
    /// For no connection, or for many at once.
    case reserved
}

/// The address that a connection is made to.
struct Address: CustomStringConvertible {
    let kind: AddressKind
    /// As people write it.
    let description: String

    /// Reads the address that libcurl is about to connect to; `nil` for a family that is none of the internet's.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }
            }
            self.init(bytes)
        case AF_INET6:
            let bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }
            }
            self.init(bytes)
        default: return nil
        }
    }

    /// Takes 4 or 16 bytes.
    init(_ bytes: [UInt8]) {
        kind = bytes.count == 4 ? Self.kind(version4: bytes) : Self.kind(version6: bytes)
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        description = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func kind(version4 bytes: [UInt8]) -> AddressKind {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (127, _, _): .loopback
        case (169, 254, _): .linkLocal
        case (10, _, _), (172, 16...31, _), (192, 168, _), (100, 64...127, _): .private
        case (0, _, _), (192, 0, 0), (192, 0, 2), (198, 18...19, _), (198, 51, 100), (203, 0, 113),
            (224..., _, _):
            .reserved
        default: .public
        }
    }

    private static func kind(version6 bytes: [UInt8]) -> AddressKind {
        let isZero = { (range: Range<Int>) in bytes[range].allSatisfy { $0 == 0 } }
        if isZero(0..<15) { return bytes[15] == 1 ? .loopback : .reserved }
        // An IPv4 address in another dress is what it is: mapped, compatible, by NAT64, by 6to4.
        let isMapped = isZero(0..<10) && bytes[10] == 255 && bytes[11] == 255
        let isTranslated = bytes.starts(with: [0, 0x64, 0xFF, 0x9B]) && isZero(4..<12)
        if isZero(0..<12) || isMapped || isTranslated { return kind(version4: Array(bytes[12...])) }
        switch (bytes[0], bytes[1]) {
        case (0x20, 0x02): return kind(version4: Array(bytes[2..<6]))
        case (0xFE, 0x80...0xBF): return .linkLocal
        case (0xFC...0xFD, _), (0xFE, 0xC0...0xFF): return .private
        case (0x20...0x3F, _): break
        default: return .reserved
        }
        let isDocumentation = bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8])
        let isTeredo = bytes.starts(with: [0x20, 0x01, 0, 0])
        return isDocumentation || isTeredo ? .reserved : .public
    }
}
