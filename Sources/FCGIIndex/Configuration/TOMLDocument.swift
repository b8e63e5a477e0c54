internal import TOMLKit

/// A TOML document: its values, and the line each stands on.
struct TOMLDocument {
    /// The document's own table.
    let root: [String: TOMLNode]
    private let lines: [TOMLPath: Int]
    private let extents: [TOMLPath: Range<Int>]
    private let values: [TOMLPath: Range<Int>]

    /// Parses the bytes of the file that messages call `file`.
    ///
    /// - Throws: one issue with line and column for the first error of syntax.
    init(_ bytes: [UInt8], file: String) throws(ConfigurationError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = Self.lineOfInvalidText(bytes)
            throw ConfigurationError([.init(file: file, line: line, message: "The text is not UTF-8.")])
        }
        let table: TOMLTable
        do {
            // The parser is given a C string, so it would read up to a NUL and no further.
            if bytes.contains(0) { throw NULFound(line: bytes.prefix { $0 != 0 }.count { $0 == 10 } + 1) }
            let scanner = TOMLScanner(text)
            let end = scanner.obstacle?.statement ?? bytes.count
            table = try TOMLTable(string: String(decoding: bytes[..<end], as: UTF8.self))
            if let obstacle = scanner.obstacle { throw Self.issue(obstacle, file: file) }
            if let line = scanner.lineOfNUL { throw NULFound(line: line) }
            lines = scanner.lines
            (extents, values) = (scanner.extents, scanner.values)
        } catch let error as TOMLParseError {
            throw ConfigurationError([Self.issue(error, file: file)])
        } catch let error as ConfigurationError {
            throw error
        } catch {
            let line = (error as? NULFound)?.line
            throw ConfigurationError([
                .init(file: file, line: line, message: "No text may hold the character NUL.")
            ])
        }
        root = TOMLNode.values(of: table)
    }

    /// The line of the value at `path`, or of the nearest thing it lies in.
    func line(of path: TOMLPath) -> Int {
        var path: TOMLPath? = path
        while let place = path {
            if let line = lines[place] { return line }
            path = place.parent
        }
        return 1
    }

    /// Where the bytes of a key with its value stand, or of a table from its header to its last value.
    func extent(of path: TOMLPath) -> Range<Int>? { extents[path] }

    /// Where the bytes of the value of a key stand.
    func value(at path: TOMLPath) -> Range<Int>? { values[path] }

    private struct NULFound: Error {
        let line: Int
    }

    private static func lineOfInvalidText(_ bytes: [UInt8]) -> Int? {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }

    private static func issue(_ obstacle: TOMLScanner.Obstacle, file: String) -> ConfigurationError {
        let (line, column) = (obstacle.line, obstacle.column)
        return ConfigurationError([.init(file: file, line: line, column: column, message: obstacle.message)])
    }

    private static func issue(_ error: TOMLParseError, file: String) -> ConfigurationError.Issue {
        let words = error.description.split(whereSeparator: \.isNewline).joined(separator: " ")
        return .init(
            file: file,
            line: error.source.begin.line,
            column: error.source.begin.column,
            message: words.hasSuffix(".") ? words : words + "."
        )
    }
}

extension TOMLNode {
    /// A key that holds NUL has been refused before: the parser would cut it, and then not find its value.
    fileprivate static func values(of table: TOMLTable) -> [String: TOMLNode] {
        var values: [String: TOMLNode] = [:]
        for key in table.keys {
            if let value = table[key] { values[key] = TOMLNode(value) }
        }
        return values
    }

    private init(_ value: any TOMLValueConvertible) {
        switch value.type {
        case .string: self = .string(value.string ?? "")
        case .int: self = .integer(value.int ?? 0)
        case .double: self = .float(value.double ?? 0)
        case .bool: self = .boolean(value.bool ?? false)
        case .array: self = .array((value.array.map { Array($0) } ?? []).map { TOMLNode($0) })
        case .table: self = .table(value.table.map { Self.values(of: $0) } ?? [:])
        // The scanner lets none through.
        case .date, .time, .dateTime: self = .string(value.debugDescription)
        }
    }
}
