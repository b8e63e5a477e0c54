import Foundation
import POSIX

/// What strace saw of a program's first thread: children are not followed.
struct Trace {
    /// One system call.
    struct Call {
        let name: String
        /// Which of the calls of this name it was, from 1.
        let number: Int
        /// As strace writes it, descriptors with their paths.
        let text: String
    }

    /// Calls that change something on a disk, as strace names them.
    static let kinds = [
        "openat", "write", "pwrite64", "fsync", "fdatasync", "fchmod", "fchown", "utimensat", "ftruncate",
        "rename",
        "renameat", "mkdir", "chmod", "chown", "lchown", "unlink", "unlinkat", "close", "flock", "read",
        "pread64", "lseek",
    ]

    static let program = Program.find("strace", in: Child.environment["PATH"] ?? "")

    /// Whether programs may be traced here.
    static let isPossible: Bool = {
        guard let program else { return false }
        return (try? Run([program, "-o", "/dev/null", "/bin/true"]))?.succeeded == true
    }()

    /// The calls, in their order.
    let calls: [Call]
    let run: Run

    /// Runs a program, one call of which fails where `fault` says so, such as `fsync:error=EIO:when=3`.
    init(_ arguments: [String], fault: String? = nil) throws {
        let log = "\(NSTemporaryDirectory())/pyindex-strace-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: log) }
        let known = Self.kinds.map { "?" + $0 }.joined(separator: ",")
        run = try Run(
            [Self.program ?? "strace", "-y", "-s", "80", "-o", log, "-e", "trace=" + known]
                + (fault.map { ["-e", "inject=" + $0] } ?? []) + arguments
        )
        var counts: [String: Int] = [:]
        calls = try text(of: log).split(separator: "\n").compactMap { line in
            guard let name = line.split(separator: "(", maxSplits: 1).first.map(String.init),
                Self.kinds.contains(name)
            else { return nil }
            counts[name, default: 0] += 1
            return Call(name: name, number: counts[name] ?? 0, text: String(line))
        }
    }
}
