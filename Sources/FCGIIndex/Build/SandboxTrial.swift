public import POSIX
internal import Synchronization

/// The self-test of a sandbox, while something else is done.
public final class SandboxTrial: Sendable {
    private let result: Mutex<Result<Sandbox, BuildFailure>?>
    private let bell = Bell()

    /// One that was tried before, by whoever started this process.
    public init(tried sandbox: Sandbox) { result = Mutex(.success(sandbox)) }

    /// Starts it, where `configuration` needs a sandbox.
    public init(_ configuration: Configuration) throws(SystemError) {
        result = Mutex(nil)
        try Thread(named: "sandbox") { [self] in
            let found = Result { () throws(BuildFailure) in try configuration.detectSandbox() }
            result.withLock { $0 = found }
            bell.ring()
        }.detach()
    }

    /// What it found; blocks until then.
    ///
    /// - Throws: as `Sandbox.detect(_:path:)`.
    public func sandbox() throws(BuildFailure) -> Sandbox {
        while true {
            if let found = result.withLock({ $0 }) { return try found.get() }
            _ = bell.wait(.seconds(60))
        }
    }
}
