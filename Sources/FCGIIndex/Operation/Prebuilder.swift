public import POSIX
internal import PythonPackaging
internal import Synchronization

/// Looks for new tags without being asked, and has built what is worth it before anybody asks; one build at a time.
///
/// A build that failed is not tried again until its commit or recipe changes, and none is tried twice in one life of
/// the responder: so a disk that is full, or a failure that could not be recorded, makes no loop.
public final class Prebuilder: Sendable {
    private struct State {
        var changes = SourceChanges.none
        /// Until when this machine is left alone.
        var rest = ContinuousClock.now
        var isClosed = false
    }

    private let state = Mutex(State())
    private let doorbell: Doorbell
    /// How often tags are looked for.
    private static let interval = Duration.seconds(1)
    /// How long nothing is built here after a build that this machine failed: the next would mostly fail too, and what
    /// failed is left alone.
    private let pause: Duration

    /// Prepares it; nothing is looked for before `start`.
    public convenience init() throws(SystemError) { try self.init(pause: .seconds(60)) }

    init(pause: Duration) throws(SystemError) {
        doorbell = try Doorbell()
        self.pause = pause
    }

    /// Starts the thread that looks. It reads repositories, and starts builds through `queue`.
    ///
    /// - Parameter site: the indexes that are in force.
    public func start(_ queue: BuildQueue, site: @escaping @Sendable () -> Site) throws(SystemError)
        -> Thread
    {
        try Thread(named: "prebuilder") { self.run(queue, site) }
    }

    /// Says which projects look different. Never blocks for long.
    func learn(_ changes: SourceChanges) {
        if case .none = changes { return }
        state.withLock { $0.changes.merge(changes) }
        doorbell.ring()
    }

    /// Says how a build has ended, whoever asked for it.
    func learn(_ outcome: Outcome) {
        if case .failed(let failure) = outcome, failure.class == .infrastructure {
            state.withLock { $0.rest = .now + pause }
        }
        doorbell.ring()
    }

    /// Ends the thread, after what it reads now.
    public func close() {
        state.withLock { $0.isClosed = true }
        doorbell.ring()
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }
    private var isResting: Bool { state.withLock { $0.rest > .now } }

    private func run(_ queue: BuildQueue, _ site: @Sendable () -> Site) {
        var agenda = Agenda()
        while !isClosed {
            let site = site()
            guard site.isBuildingAhead else {
                doorbell.wait(nil)
                continue
            }
            site.refresh()
            let changes = state.withLock { state in
                defer { state.changes = .none }
                return state.changes
            }
            switch changes {
            case .none: break
            case .some(let names): names.sorted().forEach { agenda.newest.append($0) }
            case .all: site.projects.sorted().forEach { agenda.newest.append($0) }
            }
            if queue.hasRoomAhead, !isResting, let key = next(site, &agenda) {
                queue.admitAhead(key)
            } else {
                doorbell.wait(Self.interval)
            }
        }
    }

    /// The next build; projects of which there is none are struck off.
    private func next(_ site: Site, _ agenda: inout Agenda) -> BuildKey? {
        while !isClosed, let (name, everything) = agenda.next() {
            let key = site.buildAhead(of: name, everything: everything, excluding: agenda.attempted)
            if let key {
                // There may be another one.
                if everything { agenda.rest.append(name) } else { agenda.newest.append(name) }
                agenda.remember(key.identity)
                return key
            }
            if !everything { agenda.rest.append(name) }
        }
        return nil
    }
}

/// What is to be looked at: first all projects for their newest releases, then for the rest.
private struct Agenda {
    /// Projects, each once, in the order they came.
    struct Line {
        private var names: [ProjectName] = []
        private var position = 0
        private var known: Set<ProjectName> = []

        mutating func append(_ name: ProjectName) {
            if known.insert(name).inserted { names.append(name) }
        }

        mutating func next() -> ProjectName? {
            guard position < names.count else { return nil }
            let name = names[position]
            position += 1
            known.remove(name)
            if position == names.count { (names, position) = ([], 0) }
            return name
        }
    }

    /// Identities remembered; past it all are forgotten.
    private static let limit = 65_536

    var newest = Line()
    var rest = Line()
    private(set) var attempted: Set<Identity> = []

    mutating func next() -> (ProjectName, everything: Bool)? {
        if let name = newest.next() { return (name, false) }
        return rest.next().map { ($0, true) }
    }

    mutating func remember(_ identity: Identity) {
        if attempted.count >= Self.limit { attempted.removeAll() }
        attempted.insert(identity)
    }
}
