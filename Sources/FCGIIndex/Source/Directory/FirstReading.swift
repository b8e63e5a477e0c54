internal import POSIX
internal import Synchronization

/// Reads files of a folder from the moment they are found, while its other directories are still looked through.
final class FirstReading: Sendable {
    private struct State {
        var found: [FileBatch.Job] = []
        var batches: [FileBatch] = []
        /// Files in `batches`.
        var given = 0
    }

    private let state = Mutex(State())
    private let flush: @Sendable ([FileBatch.Result]) -> Void

    /// Files that are worth a thread: few at first, so that no processor waits for long, and more once threads that
    /// are done may wait for the end of the search.
    private static func portion(after files: Int) -> Int { min(max(files, 128), 2048) }

    /// - Parameter flush: gets what was read, some at a time, from threads of its own. It may block until all files
    ///   are found.
    init(flush: @escaping @Sendable ([FileBatch.Result]) -> Void) { self.flush = flush }

    /// Has a file read, now or later.
    func add(_ job: FileBatch.Job) {
        state.withLock { state in
            state.found.append(job)
            if state.found.count < Self.portion(after: state.given) { return }
            // One processor is busy looking. Should no thread be had, the rest is read when all are found.
            let busy = state.batches.count { $0.begun < $0.count }
            guard busy + 1 < Processors.online,
                let batch = try? FileBatch(state.found, threads: 1, flush: flush)
            else { return }
            state.batches.append(batch)
            state.given += batch.count
            state.found = []
        }
    }

    /// Blocks until all files were read; whether there were any.
    ///
    /// - Parameter progress: called ten times a second with the files begun and their number.
    func finish(_ progress: (_ done: Int, _ all: Int) -> Void) throws(SystemError) -> Bool {
        let batches = try state.withLock { state throws(SystemError) in
            if !state.found.isEmpty {
                let rest = try FileBatch(state.found, threads: Processors.online, flush: flush)
                state.batches.append(rest)
                state.found = []
            }
            return state.batches
        }
        if batches.isEmpty { return false }
        let all = batches.reduce(0) { $0 + $1.count }
        progress(0, all)
        for batch in batches {
            while try !batch.wait(.milliseconds(100)) {
                progress(batches.reduce(0) { $0 + $1.begun }, all)
            }
        }
        progress(all, all)
        return true
    }
}
