internal import Glibc
internal import POSIX

/// The log of one build: what the command prints, made safe and limited, between lines of our own.
struct BuildLog: ~Copyable {
    /// Bytes of output that are kept; what comes after is read and dropped.
    static let limit = 8 << 20
    /// A line longer than this is broken.
    static let lineLimit = 8192
    /// The bytes at the end of the output in which a machine's failure is looked for.
    private static let tailLimit = 16384

    /// The lines of output so far, but for empty ones and what was cut.
    private(set) var lines = 0

    private let file: Descriptor
    private let text: LogText
    private let limit: Int
    private var pending: [UInt8] = []
    private var last: [UInt8] = []
    private var tail: [UInt8] = []
    private var written = 0
    private var isCut = false

    /// Starts the log at `path` anew.
    init(_ path: String, secrets: [String], limit: Int = BuildLog.limit) throws(SystemError) {
        file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o640)
        text = LogText(secrets: secrets)
        self.limit = limit
    }

    /// The last line that is not empty, safe for a terminal.
    var lastLine: String { String(decoding: last, as: UTF8.self) }

    /// A failure of the machine that the end of the output speaks of, as an `errno`. It decides whether the
    /// build is tried again, and nothing else: the output is not trusted.
    var hint: Int32? {
        let text = String(decoding: tail, as: UTF8.self)
        return [ENOSPC, EDQUOT, EIO, ENOMEM].first { text.contains(String(cString: strerror($0))) }
    }

    /// Adds output of the command, in pieces of any size.
    mutating func append(_ bytes: [UInt8]) throws(SystemError) {
        if isCut { return }
        pending += bytes
        var clean: [UInt8] = []
        var start = 0
        while let end = lineEnd(from: start) {
            clean += take(pending[start..<end.first])
            start = end.next
        }
        pending.removeFirst(start)
        try store(clean)
    }

    /// Adds what is left of an unfinished line.
    mutating func finishLine() throws(SystemError) {
        if pending.isEmpty || isCut { return }
        let clean = take(pending[...])
        pending = []
        try store(clean)
    }

    /// Adds a line of our own, whatever the limit.
    mutating func note(_ line: String) throws(SystemError) {
        try finishLine()
        try file.write(Array("pyindex-fcgi: ".utf8) + text.clean(Array(line.utf8)[...]) + [10])
    }

    /// Where the line that begins at `start` ends and the next one begins; `nil` while it goes on. A carriage
    /// return ends a line too: progress bars use it.
    private func lineEnd(from start: Int) -> (first: Int, next: Int)? {
        let window = pending[start..<min(start + Self.lineLimit, pending.count)]
        if let end = window.firstIndex(where: { $0 == 10 || $0 == 13 }) { return (end, end + 1) }
        if window.count < Self.lineLimit { return nil }
        // Not inside a character: its bytes after the first begin with the bits 10.
        let end = window.lastIndex { $0 & 0xc0 != 0x80 } ?? window.endIndex
        return end > start + Self.lineLimit - 4 ? (end, end) : (window.endIndex, window.endIndex)
    }

    private mutating func take(_ line: ArraySlice<UInt8>) -> [UInt8] {
        // "\r\n" ends one line, not two; empty lines are not worth the space.
        if line.isEmpty { return [] }
        let clean = text.clean(line)
        last = clean
        lines += 1
        return clean + [10]
    }

    private mutating func store(_ bytes: [UInt8]) throws(SystemError) {
        tail = Array((tail + bytes.suffix(Self.tailLimit)).suffix(Self.tailLimit))
        let room = limit - written
        if bytes.count <= room {
            written += bytes.count
            return try file.write(bytes)
        }
        isCut = true
        pending = []
        let whole = bytes[..<(bytes[..<room].lastIndex(of: 10).map { $0 + 1 } ?? 0)]
        try file.write(whole)
        try file.write(Array("pyindex-fcgi: the output was cut here, after \(limit) bytes.\n".utf8))
    }
}
