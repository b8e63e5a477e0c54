import Foundation
import Glibc
import POSIX

/// A process that a test started, its output in a file. It and its session are killed when the test lets go of it.
final class Child {
    /// The process, which leads a session of its own.
    let id: Int32
    /// Where standard output and error go.
    let log: String
    private var termination: Termination?

    init(
        _ arguments: [String],
        environment: [String: String] = Child.environment,
        directory: String? = nil,
        input: Int32? = nil,
        log: String
    ) throws {
        let file = try Descriptor(opening: log, O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
        var program = Program(arguments, environment: environment, directory: directory)
        program.input = input
        program.output = file.number
        program.error = file.number
        id = try program.start()
        self.log = log
    }

    deinit {
        if hasEnded { return }
        kill(-id, SIGKILL)
        _ = wait(.seconds(10))
    }

    /// What a test's programs find: nothing of the machine's own pip or git settings.
    static let environment = [
        "PATH": (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin",
        "HOME": Places.home, "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1", "PIP_CONFIG_FILE": "/dev/null",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_NO_CONFIG": "1", "NO_PROXY": "127.0.0.1",
    ]

    /// The same, with `directories` first on the path.
    static func environment(finding directories: String) -> [String: String] {
        guard !directories.isEmpty, let path = environment["PATH"] else { return environment }
        return environment.merging(["PATH": "\(directories):\(path)"]) { $1 }
    }

    var hasEnded: Bool { wait(.zero) != nil }

    func signal(_ number: Int32) { kill(id, number) }

    /// How it ended; `nil` when it still runs after `limit`.
    func wait(_ limit: Duration) -> Termination? {
        let deadline = ContinuousClock.now + limit
        while termination == nil {
            var status: Int32 = 0
            if waitpid(id, &status, WNOHANG) == id { termination = Termination(status: status) }
            if ContinuousClock.now >= deadline { break }
            if termination == nil { usleep(2000) }
        }
        return termination
    }
}

/// A program that has run to its end.
struct Run {
    let termination: Termination?
    /// Standard output and error, as they came.
    let output: String

    var succeeded: Bool { termination == .exited(0) }

    /// Runs a program; one that takes longer than `limit` is killed, and has no termination.
    init(
        _ arguments: [String],
        environment: [String: String] = Child.environment,
        directory: String? = nil,
        limit: Duration = .seconds(60)
    ) throws {
        let log = "\(NSTemporaryDirectory())/pyindex-run-\(UUID().uuidString)"
        defer { unlink(log) }
        let path = Child.environment["PATH"] ?? ""
        let program = try Program.find(arguments[0], in: path) ?? { throw Missing(program: arguments[0]) }()
        let child = try Child(
            [program] + arguments.dropFirst(),
            environment: environment,
            directory: directory,
            log: log
        )
        termination = child.wait(limit)
        output = try text(of: log)
    }

    struct Missing: Error { let program: String }
}

/// The text of a file; nothing where there is none.
func text(of path: String) throws -> String {
    String(decoding: try File.readIfPresent(path) ?? [], as: UTF8.self)
}
