internal import Glibc
internal import POSIX
internal import PythonPackaging

/// Makes the file of a release and publishes it: once, whoever asks and however many ask.
///
/// Threads and processes that ask for one identity share one build, and builds of different identities share
/// the slots. All state is in files, so any process may die at any time: the next build cleans up after it.
public struct Builder: Sendable {
    let configuration: Configuration
    let sandbox: Sandbox
    let store: ArtifactStore
    let ledger: Ledger
    let interruption: Interruption
    let environment: BuildEnvironment
    let ownsProcess: Bool
    let isAhead: Bool
    let program: String

    /// How much longer than the recipe's time limit another build of the same identity is waited for.
    static let margin = Duration.seconds(60)

    /// - Parameters:
    ///   - interruption: ends what is being built when it is requested.
    ///   - environment: what the recipe's environment is made from.
    ///   - ownsProcess: says that this process has no children but this builder's, one build at a time. Every
    ///     descendant is then ended after the build, one that dropped its environment and session too.
    ///   - isAhead: says that nobody waits for the file: it is built when there is nothing better to do.
    ///   - program: this program and its version, which the ledger names as the builder.
    public init(
        configuration: Configuration,
        sandbox: Sandbox,
        store: ArtifactStore,
        ledger: Ledger,
        interruption: Interruption = Interruption(),
        environment: BuildEnvironment = .current,
        ownsProcess: Bool = false,
        isAhead: Bool = false,
        program: String = "pyindex-fcgi"
    ) {
        self.configuration = configuration
        self.sandbox = sandbox
        self.store = store
        self.ledger = ledger
        self.interruption = interruption
        self.environment = environment
        self.ownsProcess = ownsProcess
        self.isAhead = isAhead
        self.program = program
    }

    /// Builds and publishes `key`, or returns what is known of it: that it is published, that another build of it
    /// just ended, or that an earlier one failed and it is too early, or pointless, to try again.
    ///
    /// Blocks until there is an outcome: while another process builds it, while all slots are taken, and for the
    /// build. This process becomes a child subreaper (prctl(2)). An interrupted build is an infrastructure
    /// failure that is not recorded.
    /// - Parameters:
    ///   - retry: builds in spite of an earlier failure.
    ///   - progress: called on this thread with each step, and ten times a second while the command runs.
    public func build(
        _ key: BuildKey,
        retry: Bool = false,
        progress: @escaping (BuildProgress) -> Void = { _ in }
    ) -> Outcome {
        let begin = ContinuousClock.now
        let report = { (step: BuildProgress.Step, line: String) in
            progress(BuildProgress(step: step, elapsed: ContinuousClock.now - begin, line: line))
        }
        let record = BuildRecord(stateDirectory: configuration.stateDirectory, identity: key.identity)
        do throws(SystemError) {
            try record.prepare()
            try store.prepare(withPages: configuration.build.builder == nil)
            try becomeSubreaper()
            return try flight(key, record, retry: retry, report)
        } catch {
            return .failed(BuildFailure(error, while: "preparing the build"))
        }
    }

    /// Whether the ledger names the identity and its bytes are there.
    func isPublished(_ key: BuildKey) -> Bool {
        // A ledger that cannot be read is met again when the line is to be written, and reported then.
        _ = try? ledger.refresh()
        guard ledger.entry(for: key.identity) != nil else { return false }
        return store.contains(.source(key.filename), project: key.project, identity: key.identity)
    }
}

extension BuildFailure {
    /// What an interrupted build answers; never recorded.
    static var interrupted: BuildFailure { BuildFailure(.infrastructure, "The build was interrupted.") }
}
