internal import Glibc
public import POSIX
internal import PythonPackaging
internal import Synchronization

/// The responder's side of the builder: a connection for each build, all followed by one thread.
///
/// A builder that is started again meanwhile is asked again, and joins its own build; so nothing is lost that ended
/// within a few seconds. What takes longer is a failure of this machine, and the next request tries again.
public final class BuilderConnections: BuildRunner {
    /// How long the builder may be away.
    private static let patience = Duration.seconds(10)
    /// How often it is tried meanwhile, and for what is not urgent.
    private static let pause = Duration.milliseconds(100)
    private static let longPause = Duration.seconds(1)
    /// How often it may end during one build.
    static let lossLimit = 4

    private struct State {
        var arrived: [BuilderLink] = []
        var abandoned: Set<BuildTicket> = []
        var ended: [(BuildTicket, BuildEnd)] = []
        var lastTicket = 0
        /// Projects that the builder is to look at, and whether at its sources at all.
        var looks: Set<ProjectName> = []
        var wantsLook = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let bell: Doorbell
    private let path: String

    /// - Parameter path: the builder's socket. It need not be there yet.
    public init(path: String) throws(SystemError) {
        bell = try Doorbell()
        self.path = path
    }

    func start(_ key: BuildKey, isAhead: Bool) throws(SystemError) -> BuildTicket {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            state.arrived.append(
                BuilderLink(.build(key, isAhead: isAhead), state.lastTicket, until: .now + Self.patience)
            )
            return state.lastTicket
        }
        bell.ring()
        return ticket
    }

    func ended() -> [(BuildTicket, BuildEnd)] {
        state.withLock { state in
            defer { state.ended = [] }
            return state.ended
        }
    }

    func abandon(_ ticket: BuildTicket) {
        state.withLock { _ = $0.abandoned.insert(ticket) }
        bell.ring()
    }

    /// Asks the builder to look at its sources, and at all tags of `projects`, as soon as it is there. Never blocks.
    func look(at projects: Set<ProjectName>) {
        state.withLock { state in
            state.looks.formUnion(projects)
            state.wantsLook = true
        }
        bell.ring()
    }

    /// Starts the thread that follows the connections.
    ///
    /// - Parameter onEnd: called by it when builds have ended; `ended()` says which.
    func start(onEnd: @escaping @Sendable () -> Void) throws(SystemError) -> Thread {
        try Thread(named: "builder") { self.run(onEnd) }
    }

    /// Closes all connections and ends the thread. Builds that somebody waits for go on.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    private func run(_ onEnd: () -> Void) {
        var links: [BuilderLink] = []
        while true {
            guard let abandoned = takeArrived(&links) else { return }
            var ended: [(BuildTicket, BuildEnd)] = []
            for link in links {
                if abandoned.contains(link.ticket) {
                    link.abandon()
                } else {
                    let pause = link.isLook ? Self.longPause : Self.pause
                    link.advance(path, patience: Self.patience, pause: pause)
                }
                guard let end = link.end else { continue }
                // Another look may wait for this one.
                if link.isLook { bell.ring() } else { ended.append((link.ticket, end)) }
            }
            links.removeAll { $0.end != nil }
            if !ended.isEmpty {
                state.withLock { $0.ended += ended }
                onEnd()
            }
            _ = bell.wait(
                links.compactMap(\.due).min().map { $0 - .now },
                or: links.compactMap(\.reading),
                toSend: links.compactMap(\.writing)
            )
        }
    }

    /// Adds what is new to `links` and returns what is to end; `nil` when all is.
    private func takeArrived(_ links: inout [BuilderLink]) -> Set<BuildTicket>? {
        state.withLock { state in
            if state.isClosed { return nil }
            links += state.arrived
            state.arrived = []
            // One look at a time; what comes meanwhile is for the next one.
            if state.wantsLook, !links.contains(where: \.isLook) {
                let project = state.looks.popFirst()
                links.append(BuilderLink(.look(project), 0, until: .now))
                state.wantsLook = !state.looks.isEmpty
            }
            defer { state.abandoned = [] }
            return state.abandoned
        }
    }
}
