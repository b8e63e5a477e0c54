/// Finds the line of every key and array element of a TOML document, which the parser does not tell.
///
/// It is given documents that were parsed already, so it checks nothing; of others it makes lines that mean
/// nothing.
struct TOMLScanner {
    /// The line of each key, counted from 1; that of a table's header for tables and for elements of arrays
    /// of tables.
    private(set) var lines: [TOMLPath: Int] = [:]
    /// The line of a string that holds NUL, which the parser would cut there.
    private(set) var lineOfNUL: Int?

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// How many elements each array of tables has so far.
    private var elements: [TOMLPath: Int] = [:]

    /// Scans all of `text`.
    init(_ text: String) {
        bytes = Array(text.utf8)
        var table = TOMLPath.root
        while skipBlanks(newlines: true), let byte = peek() {
            if byte == UInt8(ascii: "[") {
                table = scanHeader()
            } else {
                scanPair(in: table)
            }
        }
    }

    // MARK: Structure

    private mutating func scanHeader() -> TOMLPath {
        let start = line
        position += 1
        let isElement = peek() == UInt8(ascii: "[")
        if isElement { position += 1 }
        let keys = scanKeys()
        skipLine()
        var path = TOMLPath.root
        for (place, key) in keys.enumerated() {
            path = path.appending(key)
            record(path, start)
            if isElement && place == keys.count - 1 { elements[path, default: 0] += 1 }
            if let count = elements[path] { path = path.appending(count - 1) }
        }
        record(path, start)
        return path
    }

    private mutating func scanPair(in table: TOMLPath) {
        let start = (line, position)
        var path = table
        for key in scanKeys() {
            path = path.appending(key)
            record(path, start.0)
        }
        if peek() == UInt8(ascii: "=") { position += 1 }
        scanValue(at: path)
        // A byte that belongs nowhere must not stop the scan for ever.
        if position == start.1 { position += 1 }
    }

    private mutating func scanValue(at path: TOMLPath) {
        skipBlanks(newlines: false)
        switch peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = scanString()
        case UInt8(ascii: "["): scanElements(of: path)
        case UInt8(ascii: "{"): scanPairs(of: path)
        default:
            while let byte = peek(), !Self.endsScalar(byte) { position += 1 }
        }
    }

    private mutating func scanElements(of path: TOMLPath) {
        position += 1
        var index = 0
        while skipBlanks(newlines: true), let byte = peek() {
            if byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",") {
                position += 1
                if byte == UInt8(ascii: "]") { return }
                continue
            }
            let start = position
            record(path.appending(index), line)
            scanValue(at: path.appending(index))
            index += 1
            if position == start { position += 1 }
        }
    }

    private mutating func scanPairs(of path: TOMLPath) {
        position += 1
        while skipBlanks(newlines: true), let byte = peek() {
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: ",") {
                position += 1
                if byte == UInt8(ascii: "}") { return }
                continue
            }
            scanPair(in: path)
        }
    }

    private mutating func record(_ path: TOMLPath, _ line: Int) {
        if lines[path] == nil { lines[path] = line }
    }

    // MARK: Words

    private mutating func scanKeys() -> [String] {
        var keys: [String] = []
        while true {
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
    private mutating func scanString() -> String {
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
            if byte == UInt8(ascii: "\n") { line += 1 }
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

    // MARK: Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "\n"):
            true
        default: false
        }
    }

    /// Passes over white space and comments; always returns true, so that a loop's condition can hold it.
    @discardableResult
    private mutating func skipBlanks(newlines: Bool) -> Bool {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "\n") where newlines:
                line += 1
                position += 1
            case UInt8(ascii: "#") where newlines: skipLine()
            default: return true
            }
        }
        return true
    }

    /// Stops before the newline.
    private mutating func skipLine() {
        while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
    }
}
