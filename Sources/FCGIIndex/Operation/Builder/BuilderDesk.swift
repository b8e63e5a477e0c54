internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// Where responders come with what they want built: one thread takes their requests and tells them how it goes.
///
/// Whoever says nothing, too much, or nonsense is sent away, and harms nobody but those that wait behind it for some
/// milliseconds. Past the limit of connections the others wait in the socket's queue.
final class BuilderDesk: Sendable {
    /// Connections that are open at once.
    static let capacity = 256
    /// How long a request may take to come in whole.
    static let patience = Duration.seconds(5)
    /// How often sources are looked at when nobody asks.
    private static let interval = Duration.seconds(1)

    /// What is told to those who follow a build.
    private enum News {
        case began(Identity)
        case ended(Outcome, Identity)
    }

    private struct State {
        var news: [News] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let bell: Doorbell
    private let sandbox: String
    private let logger: Logger

    /// - Parameter sandbox: what responders are told of how builds are confined.
    init(sandbox: Sandbox, logger: Logger) throws(SystemError) {
        bell = try Doorbell()
        self.sandbox = sandbox.argument
        self.logger = logger
    }

    /// Tells whoever follows the build of `identity` that it began. Never blocks.
    func tellBegin(of identity: Identity) { tell(.began(identity)) }

    /// Tells whoever follows the build of `identity` how it ended. Never blocks.
    func tell(_ outcome: Outcome, of identity: Identity) { tell(.ended(outcome, identity)) }

    private func tell(_ news: News) {
        state.withLock { $0.news.append(news) }
        bell.ring()
    }

    /// Ends the thread, and with it all connections.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    /// Serves connections on the listening socket `listener` until `close()`. Blocks.
    ///
    /// - Parameter view: asked for the builder's own view, before each request and once a second.
    func run(on listener: Int32, _ queue: BuildQueue, view: () -> BuilderView) {
        stopBlocking(listener)
        var visitors: [BuilderVisitor] = []
        var nextLook = ContinuousClock.now
        while true {
            let (news, isClosed) = state.withLock { state in
                defer { state.news = [] }
                return (state.news, state.isClosed)
            }
            if isClosed { return }
            for news in news { Self.pass(news, to: visitors) }
            if nextLook <= .now {
                view().refresh()
                nextLook = .now + Self.interval
            }
            for visitor in visitors { serve(visitor, queue, view) }
            for visitor in visitors where visitor.isOver { leave(visitor, visitors, queue) }
            visitors.removeAll { $0.isOver }
            let ready = bell.wait(
                (visitors.compactMap(\.deadline) + [nextLook]).min().map { $0 - .now },
                or: visitors.map(\.number) + (visitors.count < Self.capacity ? [listener] : []),
                toSend: visitors.filter(\.hasMoreToSay).map(\.number)
            )
            if ready.contains(listener) { accept(on: listener, &visitors) }
        }
    }

    private func accept(on listener: Int32, _ visitors: inout [BuilderVisitor]) {
        do throws(SystemError) {
            while visitors.count < Self.capacity, let connection = try UnixConnection.accept(on: listener) {
                visitors.append(BuilderVisitor(connection, until: .now + Self.patience))
            }
        } catch {
            // No descriptor is left, most likely: those that are here give theirs back.
            logger.error("No connection can be accepted: \(error).")
            usleep(50_000)
        }
    }

    private static func pass(_ news: News, to visitors: [BuilderVisitor]) {
        for visitor in visitors {
            switch news {
            case .began(let identity) where visitor.identity == identity: visitor.say(.started)
            case .ended(let outcome, let identity) where visitor.identity == identity:
                visitor.say(.ended(outcome), isLast: true)
            default: break
            }
        }
    }

    private func serve(_ visitor: BuilderVisitor, _ queue: BuildQueue, _ view: () -> BuilderView) {
        do throws(BuilderRequest.Error) {
            switch try visitor.listen() {
            case nil: break
            case .greet?: visitor.say(.ready(sandbox: sandbox), isLast: true)
            case .look(let project)?:
                let view = view()
                project.map { view.look(at: $0) } ?? view.refresh()
                visitor.say(.ready(sandbox: sandbox), isLast: true)
            case .build(let key, let isAhead)?: build(key, isAhead: isAhead, for: visitor, queue, view())
            }
        } catch { visitor.say(.refused(error.description), isLast: true) }
        visitor.speak()
    }

    private func build(
        _ key: BuildKey,
        isAhead: Bool,
        for visitor: BuilderVisitor,
        _ queue: BuildQueue,
        _ view: BuilderView
    ) {
        if let objection = view.objection(to: key) {
            logger.warning("A build of \(key.project) \(key.version) was asked for and refused: \(objection)")
            return visitor.say(.refused(objection), isLast: true)
        }
        // Before it is admitted, since from then on there may be news of it.
        visitor.follow(key.identity, isAhead: isAhead)
        visitor.say(.queued)
        if isAhead {
            queue.admitAhead(key)
        } else if queue.admit(key) == .full {
            let failure = BuildFailure(.infrastructure, "Too many builds are waiting.")
            return visitor.say(.ended(.failed(failure)), isLast: true)
        }
        if let begin = queue.begin(of: key.identity), begin != .max { visitor.say(.started) }
    }

    /// A build that nobody waited for ends with the last who asked for it; any other goes on.
    private func leave(_ visitor: BuilderVisitor, _ visitors: [BuilderVisitor], _ queue: BuildQueue) {
        guard let identity = visitor.identity, visitor.isAhead, !visitor.hasHeardAll else { return }
        let isLast = !visitors.contains { $0.identity == identity && !$0.isOver }
        if isLast { queue.endAhead(identity) }
    }
}
