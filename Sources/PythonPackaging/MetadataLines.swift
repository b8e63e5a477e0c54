/// The lines of a metadata file, one after another.
///
/// A lone CR ends a line too, as it does for Python's e-mail parser: no header may hide from one of two
/// readers.
struct MetadataLines {
    /// What was not read yet.
    private(set) var rest: ArraySlice<UInt8>
    /// The number of the last line read, from 1; `0` before the first.
    private(set) var number = 0

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The next line without its end; `nil` when all are read.
    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        number += 1
        let end = rest.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? rest.endIndex
        let line = rest[..<end]
        rest = rest[end...]
        if rest.popFirst() == UInt8(ascii: "\r"), rest.first == UInt8(ascii: "\n") { rest.removeFirst() }
        return line
    }

    /// A continued line without what marks it: seven spaces and a bar, or eight spaces (as version 1.2 and
    /// distutils fold a description), else all white space in front.
    static func unfolded(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let spaces = line.prefix { $0 == UInt8(ascii: " ") }.count
        let afterSeven = line.dropFirst(7)
        if spaces == 7 && afterSeven.first == UInt8(ascii: "|") { return afterSeven.dropFirst() }
        if spaces >= 8 { return line.dropFirst(8) }
        return line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// Without the blanks at either end.
    static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        while let last = line.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
            line.removeLast()
        }
        return line
    }
}
