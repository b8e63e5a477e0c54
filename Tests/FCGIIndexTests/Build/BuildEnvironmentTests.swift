internal import Glibc
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Environment and command of a recipe")
struct BuildEnvironmentTests {
    @Test("The recipe finds exactly the documented variables", arguments: Workshop.sandboxes)
    func variables(sandbox: Sandbox) throws {
        let shop = try Workshop { $0.command = ["/usr/bin/env"] }
        let environment = BuildEnvironment([
            "PATH": "/usr/bin:/bin", "SSL_CERT_FILE": "/etc/ssl/x.pem",
            "https_proxy": "http://proxy.example:3128",
            "NO_PROXY": "localhost", "PIP_INDEX_URL": "https://index.example/simple", "UV_CACHE_DIR": "/x",
            "AWS_SECRET_ACCESS_KEY": "hush", "PYTHONPATH": "/x", "LD_PRELOAD": "x.so",
        ])
        let key = try shop.key("1.0+local.1")
        _ = shop.builder(sandbox, environment: environment).build(key)
        let log = String(decoding: try File.read(try shop.record("1.0+local.1").logPath), as: UTF8.self)
        var found: [String: String] = [:]
        for line in log.split(separator: "\n") where !line.hasPrefix("pyindex-fcgi: ") {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            found[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        let work = try #require(found["HOME"]?.dropLast("/home".count))
        #expect(work.hasPrefix("\(shop.root)/cache/tmp/build-\(key.identity)-"))
        #expect(found.removeValue(forKey: "PYINDEX_BUILD")?.hasPrefix("\(key.identity)-") == true)
        #expect(
            found == [
                "PATH": "/usr/bin:/bin", "PWD": "\(work)/tree/acme-core", "LANG": "C.UTF-8", "TZ": "UTC",
                "HOME": "\(work)/home", "TMPDIR": "\(work)/tmp", "SOURCE_DATE_EPOCH": "1700000000",
                "SETUPTOOLS_SCM_PRETEND_VERSION": "1.0+local.1",
                "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_ACME_CORE": "1.0+local.1",
                "PDM_BUILD_SCM_VERSION": "1.0+local.1", "POETRY_DYNAMIC_VERSIONING_BYPASS": "1.0+local.1",
                "UV_DYNAMIC_VERSIONING_BYPASS": "1.0+local.1", "PBR_VERSION": "1.0+local.1",
                "SSL_CERT_FILE": "/etc/ssl/x.pem", "https_proxy": "http://proxy.example:3128",
                "NO_PROXY": "localhost",
            ]
        )
    }

    @Test("The password of a proxy never reaches the log, however it is printed")
    func secrets() throws {
        let shop = try Workshop("echo $https_proxy; echo the password is hunter22 indeed")
        let environment = BuildEnvironment([
            "PATH": "/usr/bin:/bin", "https_proxy": "http://user:hunter22@proxy.example:3128",
        ])
        _ = shop.builder(environment: environment).build(try shop.key())
        let log = shop.log()
        #expect(log.contains("\nhttp://***@proxy.example:3128\n"))
        #expect(log.contains("\nthe password is *** indeed\n"))
        #expect(!log.contains("hunter22"))
    }

    @Test("Without python3 the default recipe is this machine's failure, and says what to install")
    func withoutPython() throws {
        let shop = try Workshop { $0.command = nil }
        let environment = BuildEnvironment(["PATH": shop.root + "/out"])
        let failure = try #require(shop.builder(environment: environment).build(try shop.key()).failure)
        #expect(failure.class == .infrastructure)
        #expect(failure.reason == "python3 is not installed; install it, or set build-command.")
    }

    @Test("A missing program is this machine's fault, a missing file of the package the tag's")
    func missing() throws {
        let absent = try Workshop { $0.command = ["no-such-program-anywhere"] }
        #expect(try absent.build().failure?.class == .infrastructure)
        let relative = try Workshop { $0.command = ["./absent.sh"] }
        #expect(try relative.build().failure?.class == .source)
    }

    @Test("A program of the package that cannot be started is the tag's fault", arguments: Workshop.sandboxes)
    func unusable(sandbox: Sandbox) throws {
        let shop = try Workshop(files: ["acme-core/run": "#!/nonexistent/interpreter\n"]) {
            $0.command = ["./run"]
        }
        let failure = try #require(shop.build(sandbox).failure)
        #expect(failure.class == .source)
        #expect(failure.reason == "The build command is not a program that can be started.")
    }

    @Test("A program of the package runs without a shell", arguments: Workshop.sandboxes)
    func ownProgram(sandbox: Sandbox) throws {
        let shop = try Workshop(files: ["acme-core/run": "#!/bin/sh\necho \"$2\"; . ./build.sh\n"]) {
            $0.command = ["./run", "-x", "$HOME; *"]
        }
        #expect(try shop.build(sandbox) == .published)
        #expect(shop.log().contains("\n$HOME; *\n"))
    }

    @Test(
        "A program that the sandbox hides is this machine's fault",
        .enabled(if: Workshop.sandboxes.count > 1)
    )
    func hidden() throws {
        let sandbox = try #require(Workshop.sandboxes.last)
        let directory = "/tmp/pyindex-tools-\(Temporary.suffix())"
        try Directory.create(directory)
        defer { try? Directory.remove(directory) }
        try install("tool", "true", in: directory)
        let shop = try Workshop { $0.command = ["\(directory)/tool"] }
        let failure = try #require(shop.build(sandbox).failure)
        #expect(failure.class == .infrastructure)
        #expect(failure.reason == "The build command cannot be started in the sandbox.")
    }

    private func install(_ name: String, _ script: String, in directory: String) throws {
        try File.replace("\(directory)/\(name)", with: Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o755)
    }
}
