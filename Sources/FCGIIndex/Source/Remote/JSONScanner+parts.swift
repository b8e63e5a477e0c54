/// Reading an array by several threads.
extension JSONScanner {
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
}
