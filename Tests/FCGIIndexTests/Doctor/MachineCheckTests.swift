internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("What doctor finds on a machine")
struct MachineCheckTests {
    @Test("Room on the disk, in bytes and in files")
    func space() {
        func finding(_ bytes: UInt64, files: UInt64, of all: UInt64) -> Finding {
            let space = FileSystemSpace(freeBytes: bytes << 20, of: 100_000 << 20, freeFiles: files, of: all)
            return SpaceCheck.finding("cache", "/srv/cache", space)
        }
        #expect(finding(50_000, files: 1_000_000, of: 2_000_000).level == .ok)
        #expect(finding(50_000, files: 0, of: 0).level == .ok, "btrfs counts none")
        #expect(finding(2047, files: 1_000_000, of: 2_000_000).level == .warning)
        #expect(finding(255, files: 1_000_000, of: 2_000_000).level == .error)
        #expect(finding(50_000, files: 19_000, of: 2_000_000).level == .warning)
        #expect(finding(50_000, files: 999, of: 2_000_000).level == .error)
        #expect(finding(255, files: 1, of: 1).fix?.contains("cache-limit") == true)
    }

    @Test("A clock that was set back, and one that is behind a commit")
    func clock() {
        #expect(ClockCheck.finding(now: 1000, stamped: nil, committed: nil).level == .ok)
        #expect(ClockCheck.finding(now: 1000, stamped: 1001, committed: 1300).level == .ok)
        #expect(ClockCheck.finding(now: 1000, stamped: 1003, committed: nil).level == .error)
        #expect(ClockCheck.finding(now: 1000, stamped: 900, committed: 1301).level == .warning)
    }

    @Test("The limit of open files, as the kernel writes it")
    func limit() {
        let text = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             95963                95963                processes
            Max open files            1024                 524288               files
            """
        #expect(OpenFilesCheck.limit(text) == 1024)
        #expect(OpenFilesCheck.limit("Max open files            unlimited            unlimited") == .max)
        #expect(OpenFilesCheck.limit("") == nil)
    }

    @Test("Programs that builds start with")
    func tools() throws {
        let directory = "/tmp/pyindex-tools-\(Temporary.suffix())"
        try Directory.create(directory)
        defer { try? Directory.remove(directory) }
        var source = GitSourceConfiguration(name: "mono", path: "/srv/mono", rules: [], recipe: Recipe())
        let missing = try #require(ToolCheck.findings(source, path: directory).first)
        #expect(missing.level == .error && missing.text.contains("needs python3"))
        #expect(missing.fix?.contains("Environment=PATH=") == true)
        try File.replace(directory + "/python3", with: Array("#!/bin/sh\n".utf8), mode: 0o755)
        #expect(ToolCheck.findings(source, path: directory).map(\.level) == [.ok])
        source.recipe.command = ["./build.sh"]
        #expect(ToolCheck.findings(source, path: "/nowhere").map(\.level) == [.ok], "the package's own")
        source.recipe.command = ["make", "sdist"]
        source.recipe.makesRepository = true
        #expect(ToolCheck.findings(source, path: directory).map(\.level) == [.error, .error])
    }

    @Test("A finding is a line, and one more for its fix")
    func description() {
        #expect(Finding.ok("All is well.").description == "ok       All is well.")
        let error = Finding.error("It is broken.", fix: "mend it")
        #expect(error.description == "error    It is broken.\n         Fix: mend it")
    }
}
