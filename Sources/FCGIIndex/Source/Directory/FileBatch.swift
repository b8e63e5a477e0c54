internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// Files that are read together by several threads, and those who wait for it.
final class FileBatch: Sendable {
    /// A file to read.
    struct Job: Sendable {
        let place: FilePlace
        /// The way to it from the root of the file system.
        let path: String
        let file: DistributionFilename
    }

    /// A file that was read.
    typealias Result = (place: FilePlace, reading: FileReading)

    private struct State {
        var results: [Result] = []
        var failure: SystemError?
        var waiting = 0
        var running: Int
    }

    private let jobs: [Job]
    private let next = Atomic(0)
    /// Rings when all files were read.
    private let bell = Bell()
    private let state: Mutex<State>
    private let flush: @Sendable ([Result]) -> Void

    /// How many results are handed over at once.
    private static let portion = 1024

    /// Starts reading `jobs` by at most `threads` threads.
    ///
    /// - Parameter flush: gets what was read, some at a time, from one of those threads.
    init(
        _ jobs: [Job],
        threads: Int,
        flush: @escaping @Sendable ([Result]) -> Void
    ) throws(SystemError) {
        self.jobs = jobs
        self.flush = flush
        let count = max(1, min(threads, jobs.count))
        state = Mutex(State(running: count))
        for started in 0..<count {
            do throws(SystemError) {
                try Thread(named: "reader-\(started)") { self.run() }.detach()
            } catch {
                if started == 0 { throw error }
                // Those that run do all of it.
                for _ in started..<count { end() }
                return
            }
        }
    }

    /// Threads that wait.
    var waiting: Int { state.withLock { $0.waiting } }

    /// How many files there are.
    var count: Int { jobs.count }

    /// Where the files lie.
    var places: [FilePlace] { jobs.map(\.place) }

    /// Files begun so far.
    var begun: Int { min(next.load(ordering: .relaxed), jobs.count) }

    /// Blocks until all files were read, and no longer than `limit`; whether they were.
    func wait(_ limit: Duration) throws(SystemError) -> Bool {
        state.withLock { $0.waiting += 1 }
        let isDone = bell.wait(limit)
        state.withLock { $0.waiting -= 1 }
        if !isDone { return false }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return true
    }

    private func run() {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let number = next.add(1, ordering: .relaxed).oldValue
            guard number < jobs.count else { break }
            let job = jobs[number]
            do throws(SystemError) {
                add((job.place, try FileReading(job.path, as: job.file, through: buffer)))
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
        end()
    }

    private func add(_ result: Result) {
        let portion = state.withLock { state -> [Result] in
            state.results.append(result)
            if state.results.count < Self.portion { return [] }
            defer { state.results = [] }
            return state.results
        }
        if !portion.isEmpty { flush(portion) }
    }

    /// The last thread hands over what is left, and rings.
    private func end() {
        let rest = state.withLock { state -> [Result]? in
            state.running -= 1
            if state.running > 0 { return nil }
            defer { state.results = [] }
            return state.results
        }
        guard let rest else { return }
        if !rest.isEmpty { flush(rest) }
        bell.ring()
    }
}
