/// Reading strings (RFC 8259 §7).
extension JSONScanner {
    /// Passes over a string; its inside, and whether that has escapes.
    mutating func span() throws(Fault) -> (inside: Range<Int>, isEscaped: Bool) {
        try expect(UInt8(ascii: "\""))
        let start = place
        var isEscaped = false
        while place < bytes.count {
            if place + 8 <= bytes.count {
                let special = Self.special(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                guard special != 0 else {
                    place += 8
                    continue
                }
                place += special.trailingZeroBitCount / 8
            }
            switch bytes[place] {
            case UInt8(ascii: "\""):
                place += 1
                return (start..<place - 1, isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                place += 2
            case 0..<32: throw Fault(place: place)
            default: place += 1
            }
        }
        throw Fault(place: start)
    }

    /// The first of eight bytes that is more than a character of a string, by the highest bit of it; 0 where none is. In
    /// later bytes bits mean nothing.
    private static func special(_ bytes: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let word = UInt64(littleEndian: bytes)
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        // What is subtracted borrows from the highest bit where a byte is less.
        let control = (word &- ones &* 32) & ~word
        return (control | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & (ones << 7)
    }

    mutating func text() throws(Fault) -> String {
        let (inside, isEscaped) = try span()
        let plain = bytes[inside]
        return isEscaped ? try Self.unescaped(plain) : String(decoding: plain, as: UTF8.self)
    }

    private static func unescaped(_ bytes: Slice<UnsafeRawBufferPointer>) throws(Fault) -> String {
        var units: [UInt16] = []
        var text = ""
        // Escapes are halves of UTF-16; what is half of none becomes U+FFFD.
        func flush() {
            text += String(decoding: units, as: UTF16.self)
            units = []
        }
        var place = bytes.startIndex
        while place < bytes.endIndex {
            guard bytes[place] == UInt8(ascii: "\\") else {
                let end = bytes[place...].firstIndex(of: UInt8(ascii: "\\")) ?? bytes.endIndex
                flush()
                text += String(decoding: bytes[place..<end], as: UTF8.self)
                place = end
                continue
            }
            guard place + 1 < bytes.endIndex else { throw Fault(place: place) }
            switch bytes[place + 1] {
            case UInt8(ascii: "u"):
                guard place + 6 <= bytes.endIndex,
                    let unit = UInt16(
                        String(decoding: bytes[place + 2..<place + 6], as: UTF8.self),
                        radix: 16
                    )
                else { throw Fault(place: place) }
                units.append(unit)
                place += 6
                continue
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "t"): units.append(9)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "f"): units.append(12)
            case let byte
            where byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/"):
                units.append(UInt16(byte))
            default: throw Fault(place: place)
            }
            place += 2
        }
        flush()
        return text
    }
}
