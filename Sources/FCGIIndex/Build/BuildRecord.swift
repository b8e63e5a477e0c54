internal import FoundationEssentials
internal import Glibc
public import POSIX

/// What the state directory keeps of one identity's builds: `builds/<identity>/{lock,failure.json,log}`.
public struct BuildRecord: Hashable, Sendable {
    /// The directory of this identity.
    public let directory: String

    /// Touches nothing on disk.
    public init(stateDirectory: String, identity: Identity) {
        directory = "\(stateDirectory)/builds/\(identity)"
    }

    /// The output of the last build, as text that is safe to show; may not exist.
    public var logPath: String { directory + "/log" }

    /// Locked by who builds; not empty while a build runs, or after one died.
    var lockPath: String { directory + "/lock" }

    private var failurePath: String { directory + "/failure.json" }

    /// Whether a build has begun and not ended. One that was killed looks so until the next one cleans up.
    public var isBuilding: Bool {
        guard let status = try? FileStatus(path: lockPath) else { return false }
        return status.size > 0
    }

    /// How the last build failed; `nil` when it did not, or none was made.
    ///
    /// A record that cannot be understood counts as none: the build then runs again and replaces it.
    public func outcome() throws(SystemError) -> BuildFailure? {
        guard let bytes = try File.readIfPresent(failurePath) else { return nil }
        return try? JSONDecoder().decode(BuildFailure.self, from: Data(bytes))
    }

    /// Changes with each failure that is recorded; `nil` where none is.
    func mark() -> FileStatus? { try? FileStatus(path: failurePath) }

    /// Makes the directory.
    func prepare() throws(SystemError) { try Directory.create(directory, mode: 0o750) }

    /// Keeps `failure`, counting on from the one before it, and returns it with its number.
    ///
    /// A disk that takes no record takes no build either, and the next one finds out by itself: so this never
    /// fails.
    func keep(_ failure: BuildFailure) -> BuildFailure {
        let earlier = (try? outcome())?.attempt ?? 0
        let counted = BuildFailure(
            class: failure.class,
            reason: failure.reason,
            time: failure.time,
            attempt: earlier + 1
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let data = try? encoder.encode(counted) { try? File.replace(failurePath, with: Array(data)) }
        return counted
    }

    /// Forgets the last failure.
    func clear() { unlink(failurePath) }
}
