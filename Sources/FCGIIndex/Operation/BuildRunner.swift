internal import POSIX

/// What runs the builds of a queue: processes of the build command, or a builder at the other end of a socket.
protocol BuildRunner: Sendable {
    /// Has the build begin, and returns what it is called from now on. Does not block.
    ///
    /// - Throws: a failure of this machine, and then nothing has begun.
    func start(_ key: BuildKey, isAhead: Bool) throws(SystemError) -> BuildTicket
    /// Has a published file be built once more, to know whether it comes back; `nil` where that is another's to do.
    /// Does not block.
    func startProof(_ key: BuildKey) throws(SystemError) -> BuildTicket?
    /// The builds that have ended since the last call, each once. Does not block.
    func ended() -> [(BuildTicket, BuildEnd)]
    /// Lets a build end that nobody waits for any more. It is among those that have ended later.
    func abandon(_ ticket: BuildTicket)
}

extension BuildRunner {
    func startProof(_ key: BuildKey) throws(SystemError) -> BuildTicket? { nil }
}

/// A running build of a runner.
typealias BuildTicket = Int

/// How a build of a runner has ended.
enum BuildEnd: Hashable, Sendable {
    /// With an outcome.
    case outcome(Outcome)
    /// It was ended from outside, as the sentence says, and may be begun again.
    case killed(String)
}
