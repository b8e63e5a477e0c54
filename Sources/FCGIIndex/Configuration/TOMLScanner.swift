/// Finds the line of every key and array element of a TOML document, which the parser does not tell.
///
/// It agrees with the parser up to the first error of a document, and means nothing behind that.
struct TOMLScanner {
    /// The line of each key, counted from 1; that of a table's header for tables and for elements of arrays
    /// of tables.
    private(set) var lines: [TOMLPath: Int] = [:]
    /// Where the bytes of each key with its value stand, and of each table from its header to its last value.
    private(set) var extents: [TOMLPath: Range<Int>] = [:]
    /// Where the bytes of each value stand that has a key.
    private(set) var values: [TOMLPath: Range<Int>] = [:]
    /// The line of a string that holds NUL, which the parser would cut there.
    var lineOfNUL: Int?

    /// The first thing that the parser must not be shown.
    private(set) var obstacle: Obstacle?

    /// Text on which toml++ 3.4 ends the process instead of failing.
    struct Obstacle {
        /// How many bytes stand before the statement that it is in.
        let statement: Int
        /// From 1; the column counts bytes.
        let line: Int
        let column: Int
        let message: String
    }

    let bytes: [UInt8]
    var position = 0
    var line = 1
    private var statement = 0
    /// How many values the position lies in.
    private var depth = 0

    /// Keys with more parts and values in more values are no configuration, but would exhaust the stack.
    static let depthLimit = 32
    /// How many elements each array of tables has so far.
    private var elements: [TOMLPath: Int] = [:]

    /// Scans all of `text`.
    init(_ text: String) {
        bytes = Array(text.utf8)
        var table = TOMLPath.root
        while skipBlanks(newlines: true), let byte = peek() {
            statement = position
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
        checkHeader()
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
        extents[path] = statement..<position
        return path
    }

    /// A header must begin with a key.
    private mutating func checkHeader() {
        skipBlanks(newlines: false)
        guard let byte = peek(), !byte.isBareKeyByte else { return }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "]"): return
        default: meet("Error while parsing table header: expected a key, such as in [build] or [[source]].")
        }
    }

    /// What begins no value is an obstacle, and so are broken dates; no key takes a whole one either.
    private mutating func scanScalar() {
        let start = position
        while let byte = peek(), !Self.endsScalar(byte) { position += 1 }
        let word = bytes[start..<position]
        guard let first = word.first, first.isBareKeyByte || first == UInt8(ascii: "+") else {
            if start < bytes.count { meet("Error while parsing value: expected a value.", at: start) }
            return
        }
        if !(48...57).contains(first) && first != UInt8(ascii: "+") && first != UInt8(ascii: "-") { return }
        let hasDateHyphen = zip(word, word.dropFirst()).contains { (48...57).contains($0) && $1 == 45 }
        if hasDateHyphen || word.contains(UInt8(ascii: ":")) {
            meet("Error while parsing value: no key takes a date or a time.", at: start)
        }
    }

    mutating func giveUp(_ message: String) {
        meet(message)
        position = bytes.count
    }

    private mutating func meet(_ message: String, at offset: Int? = nil) {
        if obstacle != nil { return }
        let offset = offset ?? position
        let column = offset - (bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")) ?? -1)
        obstacle = Obstacle(statement: statement, line: line, column: column, message: message)
    }

    private mutating func scanPair(in table: TOMLPath) {
        let start = (line, position)
        var path = table
        for key in scanKeys() {
            path = path.appending(key)
            record(path, start.0)
        }
        if peek() == UInt8(ascii: "=") { position += 1 }
        skipBlanks(newlines: false)
        let value = position
        scanValue(at: path)
        values[path] = value..<position
        extend(path, start.1..<position)
        // A byte that belongs nowhere must not stop the scan for ever.
        if position == start.1 { position += 1 }
    }

    /// Gives a pair its extent, and its tables what it adds to theirs.
    private mutating func extend(_ path: TOMLPath, _ extent: Range<Int>) {
        var place = path
        while place != .root {
            extents[place] = (extents[place]?.lowerBound ?? extent.lowerBound)..<extent.upperBound
            guard let parent = place.parent else { return }
            place = parent
        }
    }

    private mutating func scanValue(at path: TOMLPath) {
        skipBlanks(newlines: false)
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { return giveUp("Error while parsing value: it lies in too many others.") }
        switch peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = scanString()
        case UInt8(ascii: "["): scanElements(of: path)
        case UInt8(ascii: "{"): scanPairs(of: path)
        default: scanScalar()
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

    // MARK: Bytes

    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "\n"):
            true
        default: false
        }
    }

    /// Passes over white space and comments; always returns true, so that a loop's condition can hold it.
    @discardableResult
    mutating func skipBlanks(newlines: Bool) -> Bool {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
            case UInt8(ascii: "\r") where newlines: position += 1
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
