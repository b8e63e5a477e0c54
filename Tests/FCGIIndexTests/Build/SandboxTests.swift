internal import Glibc
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Sandbox", .enabled(if: Workshop.sandboxes.count > 1, "bubblewrap does not work here"))
struct SandboxTests {
    static let bases = ["/dev/shm", "/tmp", "/var/tmp", "/run"].filter { (path: String) in
        access(path, W_OK) == 0
    }

    @Test("A recipe writes its own directories and nothing else, wherever the cache lies", arguments: bases)
    func writing(base: String) throws {
        let sandbox = try #require(Workshop.sandboxes.last)
        let shop = try Workshop(
            """
            echo cache: $(ls -A ${OUT%/out}/cache) state: $(ls -A ${OUT%/out}/state).
            for directory in $OUT ${OUT%/out}/state ${OUT%/out}/repository ${OUT%/out}/cache /usr /etc /; do
                touch $directory/intruder 2>/dev/null && echo wrote $directory
            done
            touch $HOME/a $TMPDIR/b /tmp/intruder-\(Temporary.suffix()) && echo own is writable
            mount -o remount,rw / 2>/dev/null && echo remounted
            echo pids: $(ls -d /proc/[0-9]* | wc -l)

            """ + Workshop.honest,
            in: base
        )
        #expect(try shop.build(sandbox) == .published, "\(shop.log())")
        let log = shop.log()
        #expect(log.contains("own is writable"))
        #expect(log.contains("cache: tmp state: ."))
        #expect(!log.contains("remounted"))
        #expect(!log.contains("wrote"))
        for directory in ["out", "state", "repository", "cache"] {
            #expect(!File.exists("\(shop.root)/\(directory)/intruder"))
        }
        for directory in ["/usr", "/etc", ""] { #expect(!File.exists(directory + "/intruder")) }
        // bubblewrap's own, the shell, and what it has just started.
        let count = log.split(separator: "\n").compactMap {
            $0.hasPrefix("pids: ") ? Int($0.dropFirst(6)) : nil
        }
        #expect(try #require(count.first) < 8)
    }

    @Test("A cache behind a symbolic link works too")
    func linkedCache() throws {
        let shop = try Workshop()
        var configuration = shop.configuration
        configuration.cacheDirectory = shop.root + "/link"
        symlink("cache", configuration.cacheDirectory)
        let builder = Builder(
            configuration: configuration,
            sandbox: try #require(Workshop.sandboxes.last),
            store: ArtifactStore(root: configuration.cacheDirectory, group: nil),
            ledger: shop.ledger
        )
        #expect(builder.build(try shop.key()) == .published)
    }

    @Test("A recipe that insists on writing elsewhere fails for good")
    func insisting() throws {
        let shop = try Workshop("touch /usr/intruder && exit 0; exit 4")
        let sandbox = try #require(Workshop.sandboxes.last)
        let failure = try #require(shop.build(sandbox).failure)
        #expect(failure.class == .source)
        #expect(failure.reason == "The build command exited with status 4.")
    }

    @Test("A sandbox that cannot be set up is this machine's fault")
    func broken() throws {
        let shop = try Workshop()
        let fake = shop.root + "/bwrap"
        try File.replace(
            fake,
            with: Array("#!/bin/sh\necho bwrap: No permissions to create new namespace >&2; exit 1\n".utf8),
            mode: 0o755
        )
        let failure = try #require(shop.build(.bubblewrap(fake)).failure)
        #expect(failure.class == .infrastructure)
        #expect(failure.reason == "The sandbox could not be set up; the log says why.")
    }

    @Test("Detection requires what does work, and refuses what does not")
    func detection() throws {
        #expect(try Sandbox.detect(.none) == .none)
        let failure = #expect(throws: BuildFailure.self) {
            try Sandbox.detect(.required, path: "/nonexistent")
        }
        #expect(failure?.class == .infrastructure)
        let shop = try Workshop()
        try File.replace(shop.root + "/out/bwrap", with: Array("#!/bin/sh\nexit 1\n".utf8), mode: 0o755)
        #expect(throws: BuildFailure.self) { try Sandbox.detect(.required, path: shop.root + "/out") }
    }
}
