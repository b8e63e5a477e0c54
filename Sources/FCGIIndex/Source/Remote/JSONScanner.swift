/// Reads JSON (RFC 8259) where it lies, one value after another, without making a tree of it.
///
/// Foundation's decoder takes most of a second for a page of 20,000 files, since it makes an object of every value and a
/// dictionary of every object first; a page is read in its own order here, and what is not asked for is passed over.
struct JSONScanner {
    /// The text is no JSON from here on.
    struct Fault: Error, Hashable {
        /// Bytes from the start.
        let place: Int
    }

    private let bytes: UnsafeRawBufferPointer
    private var place = 0
    /// How deep the values at hand are nested.
    private var depth = 0

    /// Values nested deeper than this are refused.
    private static let deepest = 64

    /// - Parameter bytes: stay where they are for as long as this is used.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Reads an object, and has `body` read each value by its name; false, having read it, where it is something else.
    @discardableResult
    mutating func members(
        _ body: (_ name: String, _ value: inout JSONScanner) throws(Fault) -> Void
    ) throws(Fault) -> Bool {
        guard try next() == UInt8(ascii: "{") else {
            try skip()
            return false
        }
        try enter()
        while try !isAtEnd(UInt8(ascii: "}")) {
            let name = try text()
            try expect(UInt8(ascii: ":"))
            try body(name, &self)
        }
        return true
    }

    /// Reads an array, and has `body` read each element; false, having read it, where it is something else.
    @discardableResult
    mutating func elements(_ body: (_ value: inout JSONScanner) throws(Fault) -> Void) throws(Fault) -> Bool {
        guard try next() == UInt8(ascii: "[") else {
            try skip()
            return false
        }
        try enter()
        while try !isAtEnd(UInt8(ascii: "]")) { try body(&self) }
        return true
    }

    /// Some elements of an array, which any thread may read while others read the rest.
    struct Part: @unchecked Sendable {  // nobody changes the bytes while they are read
        fileprivate let scanner: JSONScanner
        /// How many.
        fileprivate(set) var count = 0

        /// Has `body` read each element.
        func elements(_ body: (_ value: inout JSONScanner) throws(Fault) -> Void) throws(Fault) {
            var scanner = scanner
            for number in 0..<count {
                if number > 0 { try scanner.expect(UInt8(ascii: ",")) }
                try body(&scanner)
            }
        }
    }

    /// Passes over an array, to be read in parts of at most `limit` elements; `nil`, having read it, where it is something
    /// else.
    ///
    /// Whether the elements are JSON is for those to find who read the parts.
    mutating func parts(of limit: Int) throws(Fault) -> [Part]? {
        var parts: [Part] = []
        let isArray = try elements { value throws(Fault) in
            if parts.last.map({ $0.count == limit }) ?? true { parts.append(Part(scanner: value)) }
            parts[parts.count - 1].count += 1
            try value.pass()
        }
        return isArray ? parts : nil
    }

    /// Passes over any value, of an object or array only by its brackets and strings: where it is JSON, this ends where
    /// `skip()` does.
    private mutating func pass() throws(Fault) {
        let first = try next()
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return try skip() }
        var open = 0
        repeat {
            guard place < bytes.count else { throw Fault(place: place) }
            switch bytes[place] {
            case UInt8(ascii: "\""):
                _ = try span()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            default: break
            }
            place += 1
        } while open > 0
    }

    /// Reads a string; `nil`, having read it, where it is something else.
    mutating func string() throws(Fault) -> String? {
        if try next() == UInt8(ascii: "\"") { return try text() }
        try skip()
        return nil
    }

    /// Reads a whole number; `nil`, having read it, where it is something else.
    mutating func integer() throws(Fault) -> Int64? {
        _ = try next()
        let start = place
        try skip()
        return Int64(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    /// Reads any number; `nil`, having read it, where it is something else.
    mutating func number() throws(Fault) -> Double? {
        _ = try next()
        let start = place
        try skip()
        return Double(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    /// Reads true or false; `nil`, having read it, where it is something else.
    mutating func boolean() throws(Fault) -> Bool? {
        let first = try next()
        let start = place
        try skip()
        switch (first, place - start) {
        case (UInt8(ascii: "t"), 4): return true
        case (UInt8(ascii: "f"), 5): return false
        default: return nil
        }
    }

    /// The first byte of the value that comes next, which stays to be read.
    mutating func next() throws(Fault) -> UInt8 {
        while place < bytes.count {
            switch bytes[place] {
            case 32, 9, 10, 13: place += 1
            default: return bytes[place]
            }
        }
        throw Fault(place: place)
    }

    /// Reads any value.
    mutating func skip() throws(Fault) {
        switch try next() {
        case UInt8(ascii: "{"): try members { _, value throws(Fault) in try value.skip() }
        case UInt8(ascii: "["): try elements { value throws(Fault) in try value.skip() }
        case UInt8(ascii: "\""): _ = try span()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try passNumber()
        }
    }

    /// Throws unless nothing but white space is left.
    mutating func end() throws(Fault) {
        while place < bytes.count {
            guard [32, 9, 10, 13].contains(bytes[place]) else { throw Fault(place: place) }
            place += 1
        }
    }

    // MARK: Parts

    private mutating func enter() throws(Fault) {
        depth += 1
        if depth > Self.deepest { throw Fault(place: place) }
        place += 1
        isFirst = true
    }

    /// Whether the object or array that was entered last has had nothing yet.
    private var isFirst = false

    /// Whether the object or array ends here; what is between two values is read.
    private mutating func isAtEnd(_ bracket: UInt8) throws(Fault) -> Bool {
        let byte = try next()
        defer { isFirst = false }
        if byte == bracket {
            place += 1
            depth -= 1
            return true
        }
        if isFirst { return false }
        try expect(UInt8(ascii: ","))
        // No comma in front of the end.
        if try next() == bracket { throw Fault(place: place) }
        return false
    }

    private mutating func expect(_ byte: UInt8) throws(Fault) {
        guard try next() == byte else { throw Fault(place: place) }
        place += 1
    }

    private mutating func word(_ word: StaticString) throws(Fault) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard place < bytes.count, bytes[place] == word.utf8Start[offset] else {
                throw Fault(place: place)
            }
            place += 1
        }
    }

    private mutating func passNumber() throws(Fault) {
        let start = place
        while place < bytes.count {
            switch bytes[place] {
            case 48...57, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                place += 1
            default:
                if place == start { throw Fault(place: place) }
                return
            }
        }
    }

    /// Passes over a string; its inside, and whether that has escapes.
    private mutating func span() throws(Fault) -> (inside: Range<Int>, isEscaped: Bool) {
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

    private mutating func text() throws(Fault) -> String {
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
