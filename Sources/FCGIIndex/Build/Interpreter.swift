internal import FoundationEssentials
internal import Glibc
internal import POSIX

/// The python that builds run with, where no recipe names another.
struct Interpreter: Hashable, Sendable, Codable {
    /// The program itself: no shim, no link, no virtual environment.
    let path: String
    /// Implementation and version, such as `cpython 3.11.2`.
    let version: String

    /// The directory of its modules below an environment's, such as `lib/python3.11/site-packages`.
    var siteDirectory: String {
        let numbers = version.split(separator: " ").last?.split(separator: ".").prefix(2) ?? []
        return "lib/python\(numbers.joined(separator: "."))/site-packages"
    }

    /// The first `python3` on `path`.
    ///
    /// Blocks for some 20 ms, less where `memory`, a file of its own, knows the answer.
    static func find(in path: String, memory: String) throws(BuildFailure) -> Interpreter {
        guard let program = Program.find("python3", in: path) else {
            throw BuildFailure(.infrastructure, "python3 is not installed; install it, or set build-command.")
        }
        let mark = try? FileStatus(path: program)
        if let mark, let known = try? File.read(memory),
            let note = try? JSONDecoder().decode(Note.self, from: Data(known)), note.program == program,
            note.size == mark.size, note.inode == mark.inode, note.device == mark.device,
            File.exists(note.interpreter.path)
        {
            return note.interpreter
        }
        let interpreter = try ask(program, path)
        // A script in its place, such as pyenv's, can answer otherwise tomorrow.
        let isScript = (try? Descriptor(opening: program, 0).read(upTo: 2)) == Array("#!".utf8)
        if let mark, !isScript {
            let note = Note(
                program: program,
                device: mark.device,
                inode: mark.inode,
                size: mark.size,
                interpreter: interpreter
            )
            if let data = try? JSONEncoder().encode(note) { try? File.replace(memory, with: Array(data)) }
        }
        return interpreter
    }

    private struct Note: Codable {
        let program: String
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let interpreter: Interpreter
    }

    private static let question =
        "import sys, platform; "
        + "print(sys.implementation.name, platform.python_version()); print(sys._base_executable)"

    private static func ask(_ program: String, _ path: String) throws(BuildFailure) -> Interpreter {
        let answer = (try? output([program, "-I", "-c", question], path: path)) ?? ""
        let lines = answer.split(separator: "\n").map(String.init)
        guard lines.count == 2, lines[1].hasPrefix("/") else {
            throw BuildFailure(.infrastructure, "python3 cannot be started, or does not say its version.")
        }
        return Interpreter(path: (try? File.resolve(lines[1])) ?? lines[1], version: lines[0])
    }

    private static func output(_ arguments: [String], path: String) throws(SystemError) -> String {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let output = Descriptor(owning: ends[0])
        var program = Program(
            arguments,
            environment: ["PATH": path, "HOME": "/nonexistent", "LANG": "C.UTF-8"],
            directory: "/"
        )
        program.output = ends[1]
        let started = Result { () throws(SystemError) in try program.start() }
        // Before reading: the output would not end while this process could still write it.
        close(ends[1])
        let id = try started.get()
        let bytes = try output.readAll()
        _ = try Termination(waitingFor: id)
        return String(decoding: bytes, as: UTF8.self)
    }
}
