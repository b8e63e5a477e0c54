import Glibc
import POSIX

/// How far something is, as a bar on a terminal; nothing where standard error is none.
struct ProgressBar {
    /// Whether it is seen.
    let isTerminal = isatty(2) == 1

    /// Replaces the line, and removes it when all is done.
    func show(_ text: String, _ done: Int, of all: Int) {
        if !isTerminal { return }
        let end = done == all ? "\r\u{1B}[K" : ""
        printError("\r\u{1B}[K\(Self.bar(done, of: all)) \(text)\(end)", terminator: "")
    }

    private static func bar(_ done: Int, of all: Int) -> String {
        let width = 30
        let full = all == 0 ? width : width * done / all
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - full) + "]"
    }
}
