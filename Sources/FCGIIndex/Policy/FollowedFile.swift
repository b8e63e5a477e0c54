internal import Glibc
internal import Logging
internal import POSIX
internal import Synchronization

/// A file of an administrator as it is now: read again when it looks different, and the old content stays in force
/// while the new one is wrong.
final class FollowedFile<Content: Sendable>: Sendable {
    /// Makes content of the bytes, or of an absent file (`nil`).
    typealias Parse = @Sendable ([UInt8]?) throws(ConfigurationError) -> Content

    /// How the file looked.
    private enum Look: Hashable {
        case absent
        case present(FileStatus)
        /// The `errno` that hid it.
        case hidden(Int32)
    }

    private struct State {
        var content: Content
        /// How often content was taken over.
        var generation = 0
        /// How the file looked when it was last read, rightly or not.
        var look: Look
        /// Whether no later change can look the same.
        var isSettled: Bool
    }

    /// The file's path.
    let path: String
    private let subject: String
    private let logger: Logger
    private let parse: Parse
    private let news: FileNews
    private let onChange: @Sendable (Content) -> Void
    /// Held for moments, so that a look costs nobody a wait.
    private let state: ReadWriteLock<State>
    /// Held while the file is read, so that no thread puts older content in the place of newer.
    private let reading = Mutex(())

    /// Reads the file at `path`. Blocks.
    ///
    /// - Parameters:
    ///   - subject: what the file says, in the plural, for the log: `yanks and statuses`.
    ///   - onChange: told of new content, for the log; called once for each look of the file.
    /// - Throws: everything that is wrong with it.
    init(
        path: String,
        subject: String,
        logger: Logger,
        parse: @escaping Parse,
        onChange: @escaping @Sendable (Content) -> Void
    ) throws(ConfigurationError) {
        self.path = path
        self.subject = subject
        self.logger = logger
        self.parse = parse
        self.onChange = onChange
        news = FileNews(of: path)
        let (bytes, look): ([UInt8]?, Look)
        do throws(SystemError) {
            (bytes, look) = try Self.read(path)
        } catch { throw ConfigurationError(unreadable: path, error) }
        let content = try parse(bytes)
        state = ReadWriteLock(State(content: content, look: look, isSettled: Self.isSettled(look)))
    }

    /// What is in force now. One system call when the file did not change; else blocks for as long as reading takes.
    var current: Content { latest.content }

    /// The same, with a number that grows with each taking over.
    var latest: (content: Content, generation: Int) {
        if isChanged(at: InotifyGlance()) { takeOver() }
        return state.read { ($0.content, $0.generation) }
    }

    /// The number of the content that was taken over last. Looks at nothing.
    var generation: Int { state.read { $0.generation } }

    /// Whether the file looks different from what was read, by `glance`. Waits for no other thread's reading.
    func isChanged(at glance: InotifyGlance) -> Bool {
        news.confirm(at: glance) {
            let look = Self.look(path)
            return state.read { !$0.isSettled || $0.look != look }
        }
    }

    private func takeOver() {
        reading.withLock { _ in
            let (known, isSettled) = state.read { ($0.look, $0.isSettled) }
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

    private func take(_ bytes: [UInt8]?, _ look: Look, known: Look) {
        do throws(ConfigurationError) {
            let content = try parse(bytes)
            state.write { state in
                state.content = content
                state.generation += 1
            }
            if look != known { onChange(content) }
        } catch {
            if look != known { report(error) }
        }
        remember(look)
    }

    private func remember(_ look: Look) {
        let isSettled = Self.isSettled(look)
        state.write { ($0.look, $0.isSettled) = (look, isSettled) }
    }

    private func report(_ error: ConfigurationError) {
        logger.error("The \(subject) of before stay in force:\n\(error)")
    }

    /// The bytes, and how the file looked before they were read; `nil` for a file that is absent.
    private static func read(_ path: String) throws(SystemError) -> ([UInt8]?, Look) {
        do throws(SystemError) {
            let file = try Descriptor(opening: path, O_RDONLY)
            let status = try FileStatus(of: file)
            return (try file.readAll(), .present(status))
        } catch {
            if error.isAbsence { return (nil, .absent) }
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
