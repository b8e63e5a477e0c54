internal import Glibc
public import Logging
internal import POSIX
internal import Synchronization

/// The file of verdicts as it is now: read again when it looks different, and the old content stays in force while
/// the new one is wrong.
public final class VerdictFile: Sendable {
    /// How the file looked.
    private enum Look: Hashable {
        case absent
        case present(FileStatus)
        /// The `errno` that hid it.
        case hidden(Int32)
    }

    private struct State {
        var verdicts: Verdicts
        /// How the file looked when it was last read, rightly or not.
        var look: Look
        /// Whether no later change can look the same.
        var isSettled: Bool
        /// What `changes()` told of last.
        var reported: Verdicts
        /// Whether that is all there is to tell.
        var isReported = true
    }

    /// The file's path.
    public let path: String
    private let logger: Logger
    private let news: FileNews
    /// Held for moments, so that a look costs nobody a wait.
    private let state: Mutex<State>
    /// Held while the file is read, so that no thread puts older content in the place of newer.
    private let reading = Mutex(())

    /// Reads the file at `path`, which may be absent. Blocks.
    ///
    /// - Throws: everything that is wrong with it.
    public init(path: String, logger: Logger) throws(ConfigurationError) {
        self.path = path
        self.logger = logger
        news = FileNews(of: path)
        let (bytes, look): ([UInt8], Look)
        do throws(SystemError) {
            (bytes, look) = try Self.read(path)
        } catch { throw ConfigurationError(unreadable: path, error) }
        let verdicts = try Verdicts(parsing: bytes, file: path)
        let isSettled = Self.isSettled(look)
        state = Mutex(State(verdicts: verdicts, look: look, isSettled: isSettled, reported: verdicts))
    }

    /// What is in force now. One system call when the file did not change; else blocks for as long as reading takes.
    public var current: Verdicts {
        if isChanged { takeOver() }
        return state.withLock { $0.verdicts }
    }

    /// Whether `changes()` might have something to say. One system call, and no waiting for another thread's reading.
    public var hasNews: Bool { isChanged || state.withLock { !$0.isReported } }

    /// The projects of which something else is said than at the last call. Blocks as `current`.
    public func changes() -> SourceChanges {
        if isChanged { takeOver() }
        return state.withLock { state in
            let changed = state.verdicts.differences(from: state.reported)
            (state.reported, state.isReported) = (state.verdicts, true)
            return changed.isEmpty ? .none : .some(changed)
        }
    }

    private var isChanged: Bool {
        news.confirm {
            let look = Self.look(path)
            return state.withLock { !$0.isSettled || $0.look != look }
        }
    }

    private func takeOver() {
        reading.withLock { _ in
            let (known, isSettled) = state.withLock { ($0.look, $0.isSettled) }
            if isSettled && known == Self.look(path) { return }
            do throws(SystemError) {
                let (bytes, look) = try Self.read(path)
                take(bytes, look, known: known)
            } catch {
                let look = Look.hidden(error.code)
                remember(look)
                if look != known { report(ConfigurationError(unreadable: path, error)) }
            }
        }
    }

    private func take(_ bytes: [UInt8], _ look: Look, known: Look) {
        do throws(ConfigurationError) {
            let verdicts = try Verdicts(parsing: bytes, file: path)
            state.withLock { ($0.verdicts, $0.isReported) = (verdicts, false) }
            if look != known {
                let (yanks, statuses) = (verdicts.yanks.count, verdicts.statuses.count)
                logger.notice("Took over \(path); yanks: \(yanks), statuses: \(statuses).")
            }
        } catch {
            if look != known { report(error) }
        }
        remember(look)
    }

    private func remember(_ look: Look) {
        let isSettled = Self.isSettled(look)
        state.withLock { ($0.look, $0.isSettled) = (look, isSettled) }
    }

    private func report(_ error: ConfigurationError) {
        logger.error("The yanks and statuses of before stay in force:\n\(error)")
    }

    /// The bytes, and how the file looked before they were read; none of a file that is absent.
    private static func read(_ path: String) throws(SystemError) -> ([UInt8], Look) {
        do throws(SystemError) {
            let file = try Descriptor(opening: path, O_RDONLY)
            let status = try FileStatus(of: file)
            return (try file.readAll(), .present(status))
        } catch {
            if error.isAbsence { return ([], .absent) }
            throw SystemError(error.call, path: path, code: error.code)
        }
    }

    private static func look(_ path: String) -> Look {
        do throws(SystemError) {
            return .present(try FileStatus(path: path))
        } catch {
            return error.isAbsence ? .absent : .hidden(error.code)
        }
    }

    private static func isSettled(_ look: Look) -> Bool {
        guard case .present(let status) = look else { return true }
        return status.isSettled
    }
}
