internal import POSIX

/// Bytes of a page in the making.
struct Text: Sendable {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    static func += (text: inout Text, other: String) {
        var other = other
        other.withUTF8 { text.bytes.append(contentsOf: $0) }
    }

    /// Appends bytes as they are.
    mutating func append(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) { self.bytes += bytes }

    /// Appends what `write` makes of each file, told its number: on several processors at once for a long page.
    ///
    /// - Parameter length: bytes that it makes of one, about.
    mutating func append(
        _ files: [IndexFile],
        length: Int,
        _ write: @Sendable (_ number: Int, _ file: IndexFile, _ text: inout Text) -> Void
    ) {
        bytes.reserveCapacity(bytes.count + files.count * length)
        if files.count <= Self.filesOfPart {
            for (number, file) in files.enumerated() { write(number, file, &self) }
            return
        }
        let parts = [Text](concurrently: (files.count + Self.filesOfPart - 1) / Self.filesOfPart) { part in
            let numbers = (part * Self.filesOfPart..<files.count).prefix(Self.filesOfPart)
            var text = Text(capacity: numbers.count * length)
            for number in numbers { write(number, files[number], &text) }
            return text
        }
        for part in parts { bytes += part.bytes }
    }

    /// Files that one thread writes while another writes the next ones.
    private static let filesOfPart = 500

    /// Appends text with the characters escaped that mean something in HTML, attributes included.
    mutating func escaped(_ text: String) { escaped(text.utf8) }

    /// Appends UTF-8 likewise.
    mutating func escaped(_ text: some Collection<UInt8>) {
        for byte in text {
            switch byte {
            case 38: bytes += "&amp;".utf8
            case 60: bytes += "&lt;".utf8
            case 62: bytes += "&gt;".utf8
            case 34: bytes += "&quot;".utf8
            case 39: bytes += "&#x27;".utf8
            default: bytes.append(byte)
            }
        }
    }

    mutating func attribute(_ name: String, _ value: String) {
        self += " "
        self += name
        self += "=\""
        escaped(value)
        self += "\""
    }
}
