import FCGIIndex
import Glibc
import Logging
import POSIX
import Synchronization

/// Tells how far the reading of a folder is: a bar on a terminal, else, where it takes longer than two seconds, a
/// line in the log every ten.
final class ReadingProgressLine: Sendable {
    private static let interval = Duration.seconds(10)
    private let isTerminal = isatty(2) == 1
    private let logger: Logger
    private let last = Mutex<(time: ContinuousClock.Instant, count: Int)?>(nil)

    init(_ logger: Logger) { self.logger = logger }

    func show(_ reading: Folders.Reading) {
        let text = "Reading \(reading.source): \(reading.done) of \(reading.all) files"
        let isDone = reading.done == reading.all
        if isTerminal {
            let end = isDone ? "\r\u{1B}[K" : ""
            printError("\r\u{1B}[K\(Self.bar(reading)) \(text)\(end)", terminator: "")
            return
        }
        let isDue = last.withLock { last in
            let (time, count) = last ?? (.now - .seconds(8), 0)
            let isDue = isDone ? count > 0 : ContinuousClock.now - time >= Self.interval
            last = isDone ? nil : isDue ? (.now, count + 1) : (time, count)
            return isDue
        }
        if isDue { logger.notice("\(text).") }
    }

    private static func bar(_ reading: Folders.Reading) -> String {
        let width = 30
        let full = reading.all == 0 ? width : width * reading.done / reading.all
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - full) + "]"
    }
}
