internal import Fixtures
internal import Glibc
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Credentials of another index")
struct IndexCredentialsTests {
    private static let reader = "Basic cmVhZGVyOnMzY3JldCB3b3Jk"  // reader:s3cret word

    /// An index that wants a user, and has its files where the test says.
    private static func fixture(
        _ password: IndexCredentials.Place,
        files: String = "",
        _ status: Int = 401
    ) throws -> RemoteFixture {
        let name = "acme_core-1.0-py3-none-any.whl"
        return try RemoteFixture(
            .proxy,
            credentials: IndexCredentials(username: "reader", password: password)
        ) { exchange in
            guard exchange.fields["authorization"] == reader else { return exchange.answer(status) }
            switch exchange.target {
            case "/simple/acme-core/":
                let page = RemoteFixture.page("acme-core", [(name, Array("x".utf8))])
                exchange.answer(200, [RemoteFixture.jsonType], text: page)
            case "/files/\(name)" where files.isEmpty: exchange.answer(200, text: "x")
            case "/files/\(name)": exchange.answer(302, [("Location", files + "/x.whl")])
            default: exchange.answer(404)
            }
        }
    }

    private static func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let path = "\(Workshop.base)/pyindex-password-\(Temporary.suffix())"
        try File.replace(path, with: Array(text.utf8), mode: 0o600)
        defer { unlink(path) }
        try body(path)
    }

    @Test("The password of a file is sent, also after it has changed, and not to whom the index redirects to")
    func file() throws {
        try Self.withFile("old\n") { path in
            let other = try FaultyServer { $0.answer(200, text: "x") }
            defer { other.stop() }
            for host in ["127.0.0.1", "localhost"] {
                let fixture = try Self.fixture(.file(path), files: other.url("", host: host))
                try File.replace(path, with: Array("old\n".utf8), mode: 0o600)
                #expect(fixture.json("acme-core").status == 503, "not absent")
                try File.replace(path, with: Array("s3cret word\nsecond line\n".utf8), mode: 0o600)
                // What failed is left alone for seconds; another process has not failed yet.
                let index = try fixture.reopened()
                #expect(fixture.json("acme-core", from: index).status == 200)
                let file = try fixture.link("acme-core", "1.0")
                _ = fixture.get(file, from: index)
            }
            #expect(!other.requests.isEmpty)
            #expect(other.requests.allSatisfy { $0.fields["authorization"] == nil })
        }
    }

    @Test("401 and 403 are 503 and not 404, and so is a password that is not there", arguments: [401, 403])
    func refused(status: Int) throws {
        try Self.withFile("wrong\n") { path in
            let fixture = try Self.fixture(.file(path), status)
            let reply = fixture.json("acme-core")
            #expect(reply.status == 503 && Int(reply.fields["Retry-After"] ?? "") != nil)
            let explanation = fixture.get("/-/explain/acme-core?format=text").text
            #expect(explanation.contains("wants other credentials") && !explanation.contains("wrong"))
            let absent = try Self.fixture(.file(path + ".none"), status)
            #expect(absent.json("acme-core").status == 503)
            #expect(absent.asked.isEmpty, "nobody is asked without the password")
            let unset = try Self.fixture(.variable("PYINDEX_TEST_NEVER_SET"), status)
            #expect(unset.json("acme-core").status == 503 && unset.asked.isEmpty)
        }
    }

    @Test("The password of a variable is sent")
    func variable() throws {
        setenv("PYINDEX_TEST_PASSWORD", "s3cret word", 1)
        #expect(try Self.fixture(.variable("PYINDEX_TEST_PASSWORD")).json("acme-core").status == 200)
    }

    @Test("check says who may read the file, and never what is in it")
    func checkup() throws {
        try Self.withFile("s3cret word\n") { path in
            /// What is said of `place`.
            func findings(_ place: String, in fixture: RemoteFixture) -> [Finding] {
                guard case .simple(let index) = fixture.configuration.sources[0] else { return [] }
                return Checkup(fixture.configuration, webServer: nil).remote(index)
                    .filter { $0.description.contains(place) }
            }
            let fixture = try Self.fixture(.file(path))
            #expect(findings(path, in: fixture).isEmpty)
            chmod(path, 0o644)
            let open = findings(path, in: fixture)
            #expect(open.map(\.level) == [.warning] && open[0].fix == "chmod 0640 \(path)")
            try File.replace(path, with: [10], mode: 0o600)
            #expect(findings(path, in: fixture).first?.level == .error)
            unlink(path)
            #expect(findings(path, in: fixture).first?.level == .error)
            #expect(!findings("", in: fixture).contains { $0.description.contains("s3cret") })
            let name = "PYINDEX_TEST_NEVER_SET"
            let unset = try Self.fixture(.variable(name))
            #expect(findings(name, in: unset).first?.level == .warning)
        }
    }

    // MARK: Configuration

    private static func read(_ lines: String) throws(ConfigurationError) -> Configuration {
        let text = """
            [[source]]
            name = "up"
            type = "simple"
            mode = "cache"
            \(lines)

            """
        return try Configuration(parsing: Array(text.utf8), path: "/etc/pyindex/config.toml", home: nil)
    }

    @Test("What is configured is read, and shown without the password")
    func configured() throws {
        let lines = """
            url = "https://index.example/simple/"
            username = "reader"
            password-file = "password"
            """
        let configuration = try Self.read(lines)
        guard case .simple(let index) = configuration.sources[0] else { return }
        #expect(index.credentials?.password == .file("/etc/pyindex/password"))
        let again = try Configuration(
            parsing: Array(configuration.shown.utf8),
            path: "/etc/pyindex/config.toml",
            home: nil
        )
        #expect(again == configuration)
    }

    @Test(
        "What is wrong is said, and no password is repeated",
        arguments: [
            ("password = \"s3cret\"\nusername = \"x\"", "is read from no configuration"),
            ("username = \"x\"", "needs a password"),
            ("password-file = \"p\"", "means nothing without username"),
            ("username = \"x\"\npassword-file = \"p\"\npassword-variable = \"P\"", "one too many"),
            ("username = \"x\"\npassword-file = \"p\"\nnetrc = \"n\"", "beside netrc"),
            ("username = \"x:s3cret\"\npassword-file = \"p\"", "a user name without"),
            ("username = \"x\"\npassword-variable = \"HTTP_X\"", "begins with HTTP_"),
            ("username = \"x\"\npassword-variable = \"a b\"", "environment variable"),
        ]
    )
    func mistakes(lines: String, problem: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.read("url = \"https://index.example/simple/\"\n" + lines)
        }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("s3cret") == false)
    }

    @Test("A URL with a password is refused, and not repeated")
    func url() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.read("url = \"https://reader:s3cret@index.example/simple/\"")
        }
        #expect(error?.description.contains("password-file") == true)
        #expect(error?.description.contains("s3cret") == false)
    }
}
