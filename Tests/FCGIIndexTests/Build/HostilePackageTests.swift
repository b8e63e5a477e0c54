internal import Glibc
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Hostile packages", .enabled(if: Workshop.sandboxes.count > 1, "bubblewrap does not work here"))
struct HostilePackageTests {
    private let sandbox = Workshop.sandboxes.last ?? .none

    private static var small: ResourceLimits {
        var limits = ResourceLimits()
        (limits.memory, limits.processes, limits.disk) = (200 << 20, 40, 20 << 20)
        return limits
    }

    @Test(
        "One that looks for secrets finds none: not in variables, processes, home directories or repositories"
    )
    func secrets() throws {
        let secret = "hush-\(Temporary.suffix())"
        let shop = try Workshop(
            """
            env; cat /proc/*/environ | tr '\\0' '\\n'
            cat ${OUT%/out}/repository/.git/config ${OUT%/out}/state/secret ${OUT%/out}/cache/secret
            ls -A /root /home /run | grep -v : | sort -u | tr '\\n' ' '

            """ + Workshop.honest
        )
        for place in ["state/secret", "cache/secret", "repository/.git/config"] {
            try File.replace("\(shop.root)/\(place)", with: Array("; \(secret)\n".utf8))
        }
        setenv("PYINDEX_TEST_SECRET", secret, 1)
        defer { unsetenv("PYINDEX_TEST_SECRET") }
        let environment = BuildEnvironment(["PATH": "/usr/bin:/bin", "HOME": shop.root, "TOKEN": secret])
        #expect(shop.builder(sandbox, environment: environment).build(try shop.key()) == .published)
        #expect(!shop.log().contains(secret), "\(shop.log())")
    }

    /// A directory for a test that builds see, unlike those for temporary files.
    private static let seen = ["/srv", "/opt", "/var/lib"].first { (path: String) in access(path, W_OK) == 0 }

    @Test(
        "One that reads what the configuration names, or what others may not read, finds nothing",
        .enabled(if: seen != nil, "no directory that builds see can be written")
    )
    func privateFiles() throws {
        let secret = "hush-\(Temporary.suffix())"
        let shop = try Workshop(
            """
            root=${OUT%/out}
            for file in config.toml groups token password netrc list folder/a.whl closed; do
                grep -H . $root/$file && echo reads $file
            done
            for file in /etc/shadow /etc/gshadow; do test -s $file && test -r $file && echo reads $file; done
            grep . $root/open

            """ + Workshop.honest,
            in: try #require(Self.seen)
        )
        var configuration = shop.configuration
        func path(_ name: String) -> String { "\(shop.root)/\(name)" }
        configuration.accessGroupsFile = path("groups")
        configuration.sources += [
            .directory(.init(name: "folder", path: path("folder"))),
            .files(.init(name: "list", path: path("list"), packagesURL: "https://files.example/")),
            .simple(.init(name: "a", url: "https://index.example/simple/", netrc: path("netrc"))),
            .simple(
                .init(
                    name: "b",
                    url: "https://index.example/simple/",
                    credentials: IndexCredentials(username: "x", password: .file(path("password")))
                )
            ),
            .github(.init(name: "c", owners: nil, authentication: .file(path("token")))),
        ]
        try Directory.create(path("folder"))
        for name in ["config.toml", "groups", "token", "password", "netrc", "list", "folder/a.whl"] {
            try File.replace(path(name), with: Array("\(secret)\n".utf8), mode: 0o644)
        }
        try File.replace(path("closed"), with: Array("\(secret)\n".utf8), mode: 0o640)
        try File.replace(path("open"), with: Array("for all\n".utf8), mode: 0o644)
        let builder = Builder(
            configuration: configuration,
            sandbox: sandbox,
            store: shop.store,
            ledger: shop.ledger
        )
        #expect(builder.build(try shop.key()) == .published, "\(shop.log())")
        let log = shop.log()
        #expect(!log.contains(secret) && !log.contains("reads "), "\(log)")
        #expect(log.contains("\nfor all\n"))
    }

    @Test("Files that others may not read are found, and directories that others may not enter, once")
    func findingPrivateFiles() throws {
        let shop = try Workshop()
        let root = shop.root + "/out"
        for (path, mode) in [("a/closed", 0o640), ("a/open", 0o644), ("b/within", 0o644), ("c", 0o600)] {
            try Directory.create(Directory.parent(of: "\(root)/\(path)"), mode: 0o755)
            try File.replace("\(root)/\(path)", with: [], mode: mode_t(mode))
        }
        #expect(chmod(root + "/b", 0o750) == 0)
        #expect(symlink("c", root + "/d") == 0)
        let below = PrivateFiles(below: root)
        #expect(below.files.sorted() == ["\(root)/a/closed", "\(root)/c"])
        #expect(below.directories == ["\(root)/b"])
        let inside = PrivateFiles(in: root)
        #expect(inside.files == ["\(root)/c"] && inside.directories.isEmpty)
    }

    @Test(
        "One that connects out reaches nothing, by network or by socket, unless the recipe may",
        arguments: [true, false]
    )
    func network(isAllowed: Bool) throws {
        let listener = try LoopbackListener()
        let shop = try Workshop(
            """
            bash -c 'exec 3<>/dev/tcp/127.0.0.1/\(listener.port)' 2>/dev/null && echo connected
            ls /run | grep -q . && echo sees sockets

            """ + Workshop.honest,
            recipe: { $0.hasNetwork = isAllowed }
        )
        #expect(try shop.build(sandbox) == .published)
        #expect(shop.log().contains("\nconnected\n") == isAllowed)
        #expect(listener.hasCaller == isAllowed)
    }

    @Test("A fork bomb ends at the limit of processes, with all it made")
    func forkBomb() throws {
        let marker = "marker-\(Temporary.suffix())"
        let shop = try Workshop(
            "bomb() { sh -c 'sleep 600; true' \(marker) & }; while :; do bomb; done",
            resources: Self.small
        )
        let failure = try #require(shop.build(sandbox).failure)
        #expect(failure.class == .resource || failure.class == .source, "\(failure.reason)")
        #expect(!Workshop.isRunning(marker))
        #expect(try shop.isClean())
    }

    @Test(
        "One that fills the disk ends at the limit: by a large file, by many, in places for temporary files",
        arguments: [
            "head -c 60000000 /dev/zero > large",
            "for i in $(seq 200); do head -c 500000 /dev/zero > $i; done; sleep 60",
            "for i in $(seq 200); do head -c 500000 /dev/zero > /tmp/$i; done; sleep 60",
            "for i in $(seq 200); do head -c 500000 /dev/zero > /dev/shm/$i; done; sleep 60",
        ]
    )
    func fullDisk(script: String) throws {
        let shop = try Workshop(script + "\nexit 3", resources: Self.small)
        let begin = ContinuousClock.now
        let failure = try #require(shop.build(sandbox).failure)
        #expect(failure.class == .resource || failure.reason.contains("status 3"), "\(failure.reason)")
        #expect(ContinuousClock.now - begin < .seconds(30))
        #expect(try shop.isClean())
    }

    @Test("One that nests directories without end is removed all the same")
    func nesting() throws {
        let shop = try Workshop(
            """
            exec python3 -c '
            import os
            for i in range(30000):
                os.mkdir("d"); os.chdir("d")
            '
            """
        )
        _ = try shop.build(sandbox)
        #expect(try shop.isClean())
    }

    @Test("One that takes memory ends at the limit, in one process or in many")
    func memory() throws {
        for script in [
            "x = bytearray(400 << 20)", "import os; [os.fork() for _ in range(3)]; x = bytearray(100 << 20)",
        ] {
            let shop = try Workshop(
                "python3 -c '\(script); import time; time.sleep(30)'",
                resources: Self.small
            )
            let failure = try #require(shop.build(sandbox).failure)
            #expect(failure.class != .timeout, "\(failure.reason)")
            #expect(try shop.isClean())
        }
    }

    @Test("A set-user-id program gives it no rights, nor a namespace of its own any on the system")
    func privileges() throws {
        let shop = try Workshop(
            """
            cp /usr/bin/id own && chmod 4755 own
            for program in ./own /usr/bin/su; do ls -l $program; done
            grep -h -E 'NoNewPrivs|CapEff' /proc/self/status | tr -s '\\t' ' '
            mount -t tmpfs none /mnt 2>/dev/null && echo mounted
            unshare -Urm sh -c 'mount -o remount,rw,bind / && touch /usr/intruder' 2>/dev/null && echo escaped
            test -w /proc/sys/kernel/core_pattern && echo could write a setting

            """ + Workshop.honest
        )
        #expect(try shop.build(sandbox) == .published, "\(shop.log())")
        let log = shop.log()
        #expect(log.contains("NoNewPrivs: 1") && log.contains("CapEff: 0000000000000000"))
        for word in ["mounted", "escaped", "could write"] { #expect(!log.contains("\n\(word)"), "\(log)") }
        #expect(!File.exists("/usr/intruder"))
    }

    @Test("Members that lead out of the archive are refused")
    func traversal() throws {
        let shop = try Workshop(
            Workshop.honest
                + "rm dist/*; tar -P -czf dist/x.tar.gz $top $top/../../../out ../build.sh || true\n"
                + "tar -P --transform 's,^acme_core.py$,'$top'/../../evil,' -czf dist/x.tar.gz $top acme_core.py\n"
        )
        let failure = try #require(shop.build(sandbox).failure)
        #expect(failure.class == .source, "\(failure.reason) \(shop.log())")
        #expect(try shop.isClean())
    }

    @Test(
        "An artifacts directory that is a link elsewhere is refused",
        arguments: ["/etc", "../../..", "$OUT"]
    )
    func linkedArtifacts(target: String) throws {
        let shop = try Workshop(Workshop.honest + "cp -r dist kept; rm -r dist; ln -s \(target) dist\n")
        let failure = try #require(shop.build(sandbox).failure)
        #expect(failure.class == .source)
        #expect(
            [
                "The build's artifacts directory lies outside the exported tree.",
                "The build must leave one .tar.gz in its artifacts directory, and left 0.",
            ].contains(failure.reason)
        )
    }
}

/// A socket that listens on a free port of 127.0.0.1.
private final class LoopbackListener {
    private let socket: Descriptor
    let port: UInt16

    init() throws {
        let number = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw SystemError("socket") }
        socket = Descriptor(owning: number)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(number, address, length) == 0 && listen(number, 4) == 0
                    && getsockname(number, address, &length) == 0
            }
        }
        guard result else { throw SystemError("bind") }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Whether somebody connected.
    var hasCaller: Bool {
        var request = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }
}
