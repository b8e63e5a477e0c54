import FCGIIndex
import Glibc
import POSIX

/// One line on the terminal that tells how a build goes; nothing where standard error is no terminal.
struct ProgressLine {
    private let isTerminal = isatty(2) == 1

    func show(_ progress: BuildProgress) { show(progress, of: "") }

    /// - Parameter subject: what is built, where it is not said elsewhere.
    func show(_ progress: BuildProgress, of subject: String) {
        guard isTerminal else { return }
        var size = winsize()
        let columns = ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
        let seconds = progress.elapsed.components.seconds
        let line = "\(subject)\(progress.step.rawValue) \(seconds) s  \(progress.line)"
        printError("\r\u{1B}[K" + line.prefix(columns - 1), terminator: "")
    }

    func clear() {
        if isTerminal { printError("\r\u{1B}[K", terminator: "") }
    }
}
