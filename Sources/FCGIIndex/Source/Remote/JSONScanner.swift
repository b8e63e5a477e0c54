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

    let bytes: UnsafeRawBufferPointer
    /// Where it reads on.
    var place = 0
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

    mutating func expect(_ byte: UInt8) throws(Fault) {
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
}
