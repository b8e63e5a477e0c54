import Glibc
import POSIX
import Synchronization

/// A directory of its own for one test, and git itself to fill it. It goes when the test ends.
final class GitFixture: Sendable {
    /// What git printed, or said when it failed.
    struct Answer {
        let status: Termination
        let output: String
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let root: String
    private let count = Atomic(0)

    init() throws {
        let base = File.exists("/dev/shm") ? "/dev/shm" : "/tmp"
        root = "\(base)/git-tests-\(Temporary.suffix())"
        try Directory.create(root, mode: 0o755)
    }

    deinit { try? Directory.remove(root) }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Runs git in a directory of the fixture and returns its output without the last line's end.
    @discardableResult
    func git(_ arguments: String..., in directory: String = "work") throws -> String {
        let answer = try attempt(arguments, in: directory)
        guard answer.status == .exited(0) else {
            throw Failure(description: "git \(arguments.joined(separator: " ")): \(answer.output)")
        }
        return answer.output
    }

    /// The same, where failing is an answer too.
    func attempt(_ arguments: [String], in directory: String, input: [UInt8] = []) throws -> Answer {
        let number = count.add(1, ordering: .relaxed).newValue
        let file = path("output-\(number)")
        let source = path("input-\(number)")
        try File.replace(source, with: input)
        let output = try Descriptor(opening: file, O_RDWR | O_CREAT | O_TRUNC)
        let standardInput = try Descriptor(opening: source, O_RDONLY)
        var program = Program(
            ["/usr/bin/git"] + arguments,
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": root, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
                "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@index.example",
                "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@index.example",
                "GIT_AUTHOR_DATE": "1600000000 +0000", "GIT_COMMITTER_DATE": "1600000001 +0200",
            ],
            directory: path(directory)
        )
        program.input = standardInput.number
        program.output = output.number
        program.error = output.number
        let status = try Termination(waitingFor: program.start())
        let text = String(decoding: try File.read(file), as: UTF8.self)
        unlink(file)
        unlink(source)
        return Answer(status: status, output: text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }

    /// Makes a repository with a working tree at `work`, with one commit.
    func makeRepository(_ name: String = "work") throws {
        try Directory.create(path(name), mode: 0o755)
        try git("init", "-q", "-b", "main", in: name)
        try commit(["README": "read me\n"], in: name)
    }

    /// Writes files and commits all there is.
    @discardableResult
    func commit(_ files: [String: String], in name: String = "work") throws -> String {
        for (file, content) in files {
            let place = path("\(name)/\(file)")
            try Directory.create(Directory.parent(of: place), mode: 0o755)
            try File.replace(place, with: Array(content.utf8), mode: 0o644)
        }
        try git("add", "-A", in: name)
        try git("commit", "-q", "--allow-empty", "-m", "c", in: name)
        return try git("rev-parse", "HEAD", in: name)
    }

    /// Writes an object of any content, also one that git itself would refuse, and returns its name.
    func hashObject(_ kind: String, _ content: [UInt8], in name: String = "work") throws -> String {
        let arguments = ["hash-object", "-t", kind, "-w", "--literally", "--stdin"]
        let answer = try attempt(arguments, in: name, input: content)
        guard answer.status == .exited(0) else { throw Failure(description: answer.output) }
        return answer.output
    }

    /// Writes a blob, and returns its name.
    func makeBlob(_ content: String) throws -> String { try hashObject("blob", Array(content.utf8)) }

    /// `git for-each-ref` of the tags: name to object.
    func tags(in name: String = "work") throws -> [String: String] {
        let lines = try git(
            "for-each-ref",
            "--format=%(refname:strip=2) %(objectname)",
            "refs/tags",
            in: name
        )
        var tags: [String: String] = [:]
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: " ")
            tags[String(parts[0])] = String(parts[1])
        }
        return tags
    }
}
