extension TOMLScanner {
    /// Passes over a key, and returns its parts.
    mutating func scanKeys() -> [String] {
        var keys: [String] = []
        while true {
            if keys.count == Self.depthLimit { giveUp("Error while parsing key: it has too many parts.") }
            skipBlanks(newlines: false)
            if peek() == UInt8(ascii: "\"") || peek() == UInt8(ascii: "'") {
                keys.append(scanString())
            } else {
                let start = position
                while let byte = peek(), byte.isBareKeyByte || byte >= 0x80 { position += 1 }
                if position == start { return keys }
                keys.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            skipBlanks(newlines: false)
            guard peek() == UInt8(ascii: ".") else { return keys }
            position += 1
        }
    }

    /// Passes over a string of any of the four kinds, and returns its text.
    mutating func scanString() -> String {
        let start = line
        let quote = bytes[position]
        let width = bytes[position...].starts(with: [quote, quote, quote]) ? 3 : 1
        position += width
        var text: [UInt8] = []
        while let byte = peek() {
            if bytes[position...].starts(with: repeatElement(quote, count: width)) {
                position += width
                // Up to two quotes may stand at the very end of a long string.
                while width == 3, peek() == quote { position += 1 }
                break
            }
            if byte == UInt8(ascii: "\n") {
                if width == 1 { break }
                line += 1
            }
            position += 1
            if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
                text += scanEscape()
            } else {
                text.append(byte)
            }
        }
        if text.contains(0) && lineOfNUL == nil { lineOfNUL = start }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func scanEscape() -> [UInt8] {
        guard let byte = peek() else { return [] }
        position += 1
        switch byte {
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let end = min(position + (byte == UInt8(ascii: "u") ? 4 : 8), bytes.count)
            let digits = String(decoding: bytes[position..<end], as: UTF8.self)
            position = end
            guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else { return [] }
            return Array(String(Character(scalar)).utf8)
        case UInt8(ascii: "\n"):
            line += 1
            return []
        default: return [byte]
        }
    }
}
