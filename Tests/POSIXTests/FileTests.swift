import Glibc
import Testing

@testable import POSIX

@Suite("Files and directories")
final class FileTests {
    private let root = "/tmp/posix-\(Temporary.suffix())"

    init() throws { try Directory.create(root) }

    deinit { try? Directory.remove(root) }

    @Test("a file is replaced at once, with exactly the mode asked for")
    func replace() throws {
        let path = root + "/a"
        try File.replace(path, with: Array("one".utf8), mode: 0o640)
        try File.replace(path, with: Array("two".utf8), mode: 0o666)  // more than any umask allows
        #expect(try File.read(path) == Array("two".utf8))
        #expect(try FileStatus(path: path).mode & 0o777 == 0o666)
        #expect(try Directory.entries(root) == ["a"])
    }

    @Test("a file that cannot be replaced stays as it was, and nothing is left beside it")
    func failedReplace() throws {
        try Directory.create(root + "/a/b")
        #expect(throws: SystemError.self) { try File.replace(root + "/a", with: []) }
        #expect(try Directory.entries(root) == ["a"])
    }

    @Test("absence is told from failure")
    func absence() throws {
        #expect(try File.readIfPresent(root + "/none") == nil)
        #expect(throws: SystemError.self) { try File.readIfPresent(root) }
    }

    @Test("directories are made with what is missing above them, and with their mode")
    func create() throws {
        try Directory.create(root + "/x/y/z", mode: 0o2750)
        #expect(try FileStatus(path: root + "/x/y/z").mode & 0o7777 == 0o2750)
        try File.replace(root + "/file", with: [])
        #expect(throws: SystemError.self) { try Directory.create(root + "/file") }
    }

    @Test("a hostile tree is removed whole, and what its links point to stays")
    func remove() throws {
        try File.replace(root + "/precious", with: Array("x".utf8))
        let script = """
            mkdir -p t/deep/er t/locked && ln -s ../precious t/link && ln -s /etc t/etc
            touch "$(printf 't/\\377\\376')" t/deep/er/f t/locked/f && mkfifo t/fifo && chmod 0 t/locked t/deep
            """
        let pid = try Program(
            ["/bin/sh", "-c", script],
            environment: ["PATH": "/bin:/usr/bin"],
            directory: root
        ).start()
        #expect(try Termination(waitingFor: pid) == .exited(0))
        try Directory.remove(root + "/t")
        #expect(!File.exists(root + "/t"))
        #expect(try File.read(root + "/precious") == Array("x".utf8))
        try Directory.remove(root + "/t")
    }

    @Test("a tree deeper than there may be open files is removed")
    func removeDeep() throws {
        try Directory.create(root + "/deep")
        var parent = open(root + "/deep", O_RDONLY)
        for _ in 0..<25_000 {
            mkdirat(parent, "d", 0o500 | 0o200)
            let child = openat(parent, "d", O_RDONLY)
            close(parent)
            parent = child
        }
        close(parent)
        try Directory.remove(root + "/deep")
        #expect(!File.exists(root + "/deep"))
    }

    @Test("a lock excludes others, and what its holder leaves in the file the next one finds")
    func lock() throws {
        let path = root + "/lock"
        let outer = try FileLock.attempt(path) { lock -> Bool in
            try? lock.write(Array("note".utf8))
            do { return try FileLock.attempt(path) { _ in true } == nil } catch { return false }
        }
        #expect(outer == true)
        #expect(try FileLock.attempt(path) { (try? $0.readAll()) ?? [] } == Array("note".utf8))
    }

    @Test("inotify tells what happened, once")
    func inotify() throws {
        let inotify = try Inotify()
        let watch = try inotify.watch(root, for: Inotify.entryChanges)
        #expect(try inotify.events().isEmpty)
        try File.replace(root + "/new", with: [])
        #expect(try inotify.events().contains { $0.watch == watch && $0.name == "new" })
        #expect(try inotify.events().isEmpty)
    }
}

@Suite("Programs")
struct ProgramTests {
    @Test("a program gets its environment and directory, a session of its own, and three descriptors")
    func clean() throws {
        let path = "/tmp/program-\(Temporary.suffix())"
        let file = try Descriptor(opening: path, O_RDWR | O_CREAT)
        defer { unlink(path) }
        var program = Program(
            [
                "/bin/sh", "-c",
                "env | grep -v -e PWD -e SHLVL -e '^_='; pwd; ls /proc/self/fd | wc -l; ps -o sid= -p $$ | tr -d ' '; echo $$",
            ],
            environment: ["A": "b"],
            directory: "/usr"
        )
        program.output = file.number
        #expect(try Termination(waitingFor: program.start()) == .exited(0))
        let lines = String(decoding: try File.read(path), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines.prefix(3) == ["A=b", "/usr", "4"])  // ls itself opens the directory
        #expect(lines[3] == lines[4])
    }

    @Test(
        "how it ended is told",
        arguments: [("exit 3", Termination.exited(3)), ("kill -9 $$", .signalled(9))]
    )
    func termination(script: String, expected: Termination) throws {
        #expect(try Termination(waitingFor: Program(["/bin/sh", "-c", script]).start()) == expected)
    }

    @Test("a program that is not there is an error that names it")
    func missing() {
        #expect(throws: SystemError("posix_spawn", path: "/dev/null/none", code: ENOTDIR)) {
            try Program(["/dev/null/none"]).start()
        }
    }
}
