import FCGIIndex
import Logging
import Synchronization

/// Tells how far the reading of a folder is: a bar on a terminal, else, where it takes longer than two seconds, a
/// line in the log every ten.
final class ReadingProgressLine: Sendable {
    private static let interval = Duration.seconds(10)
    private let bar = ProgressBar()
    private let logger: Logger
    private let last = Mutex<(time: ContinuousClock.Instant, count: Int)?>(nil)

    init(_ logger: Logger) { self.logger = logger }

    func show(_ reading: Folders.Reading) {
        let text = "Reading \(reading.source): \(reading.done) of \(reading.all) files"
        let isDone = reading.done == reading.all
        if bar.isTerminal { return bar.show(text, reading.done, of: reading.all) }
        let isDue = last.withLock { last in
            let (time, count) = last ?? (.now - .seconds(8), 0)
            let isDue = isDone ? count > 0 : ContinuousClock.now - time >= Self.interval
            last = isDone ? nil : isDue ? (.now, count + 1) : (time, count)
            return isDue
        }
        if isDue { logger.notice("\(text).") }
    }
}
