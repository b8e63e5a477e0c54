internal import POSIX

/// Places for requests that wait for builds, where each request takes a whole process: half of the processes, so that
/// the others answer listings meanwhile. A place is a locked file, which goes with the process that has it.
struct WaitingPlaces: Sendable {
    /// The variable in which who starts the responder says how many processes there may be.
    static let variable = "PYINDEX_PROCESSES"
    /// How long a request may wait where a process waits with it, at most.
    static let longestHold = Duration.seconds(8)

    /// Made when it is needed.
    let directory: String
    /// From 1.
    let count: Int

    /// `nil` where a process answers many requests at once, as it does unless `environment` says otherwise.
    init?(directory: String, environment: [String: String]) {
        guard let processes = environment[Self.variable].flatMap({ Int($0) }), processes > 0 else {
            return nil
        }
        self.directory = directory
        count = max(1, processes / 2)
    }

    /// A place for as long as what is returned lives; `nil` where all are taken.
    func take() throws(SystemError) -> FileLock.Held? {
        try Directory.create(directory, mode: 0o750)
        for number in 0..<count {
            if let held = try FileLock.Held("\(directory)/\(number)", isShared: false) { return held }
        }
        return nil
    }
}
