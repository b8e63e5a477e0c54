internal import Glibc
internal import POSIX

extension Builder {
    /// Leads the build, or waits for who does and takes that outcome. Never blocks in `flock`: a leader that hangs
    /// would hang everybody.
    func flight(
        _ key: BuildKey,
        _ record: BuildRecord,
        retry: Bool,
        _ report: @escaping (BuildProgress.Step, String) -> Void
    ) throws(SystemError) -> Outcome {
        let before = record.mark()
        if let outcome = try attempt(key, record, retry: retry, report) { return outcome }

        let lookout = Lookout(record.lockPath)
        let patience = (try? source(of: key))?.recipe(for: key.project).timeout ?? .zero
        var deadline = ContinuousClock.now + patience + Self.margin
        while true {
            if !record.isBuilding {
                if let outcome = leadersOutcome(key, record, since: before) { return outcome }
            }
            let outcome = try FileLock.attempt(record.lockPath) { lock in
                // The leader may have ended between the two looks.
                leadersOutcome(key, record, since: before)
                    ?? lead(key, record, lock: lock, retry: retry, report)
            }
            if let outcome { return outcome }
            if interruption.isRequested { return .failed(.interrupted) }
            if ContinuousClock.now > deadline {
                return .failed(BuildFailure(.infrastructure, "Another build of this file does not end."))
            }
            report(.waitingForAnother, "")
            if lookout.wait({ interruption.isRequested }) {
                // A sign of life: the leader got its slot, or its command runs.
                deadline = ContinuousClock.now + patience + Self.margin
            }
        }
    }

    private func attempt(
        _ key: BuildKey,
        _ record: BuildRecord,
        retry: Bool,
        _ report: @escaping (BuildProgress.Step, String) -> Void
    ) throws(SystemError) -> Outcome? {
        try FileLock.attempt(record.lockPath) { lock in lead(key, record, lock: lock, retry: retry, report) }
    }

    /// What a build ended with that was under way when `mark` was taken; `nil` when it left nothing, since it
    /// was killed or interrupted.
    private func leadersOutcome(_ key: BuildKey, _ record: BuildRecord, since mark: FileStatus?) -> Outcome? {
        if isPublished(key) { return .published }
        guard record.mark() != mark, let failure = try? record.outcome() else { return nil }
        return .failed(failure)
    }
}

/// Watches a leader's lock file: each change of the note in it wakes the waiters.
private struct Lookout: ~Copyable {
    private let inotify: Inotify?

    /// Without inotify, of which each user has a limited number, waiters look once a second.
    init(_ lockPath: String) {
        guard let inotify = try? Inotify(), (try? inotify.watch(lockPath, for: Inotify.contentChanges)) != nil
        else {
            self.inotify = nil
            return
        }
        self.inotify = consume inotify
    }

    /// Blocks for a second, or until the note changes (`true`), or until `isGivenUp` says so.
    func wait(_ isGivenUp: () -> Bool) -> Bool {
        for _ in 0..<10 where !isGivenUp() {
            switch inotify {
            case .none:
                usleep(100_000)
            case .some(let inotify):
                var request = pollfd(fd: inotify.number, events: Int16(POLLIN), revents: 0)
                if poll(&request, 1, 100) > 0 {
                    _ = try? inotify.events()
                    return true
                }
            }
        }
        return false
    }
}
