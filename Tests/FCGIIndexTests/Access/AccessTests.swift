import Logging
import POSIX
import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("Who may read what")
struct AccessTests {
    private let log = RecordingLog()

    private func open(_ text: String, groups: String? = nil) throws -> Access {
        try Access(
            configuration(smallest + text).accessRules,
            groupsFile: groups,
            realm: "x",
            logger: Logger(label: "test") { [log] _ in log }
        )
    }

    private static let rules = """
        [[access]]
        projects = ["acme-secret-*", "vault"]
        users = ["ann"]
        groups = ["security"]
        [[access]]
        projects = ["acme-open"]
        everybody = true
        [[access]]
        projects = ["acme-*"]
        users = ["*"]

        """

    @Test(
        "The first rule that names a project decides",
        arguments: [
            ("acme-secret-x", nil, [], .unauthenticated), ("acme-secret-x", "ann", [], .allowed),
            ("acme-secret-x", "bob", [], .forbidden), ("acme-secret-x", "bob", ["security"], .allowed),
            ("acme-secret-x", "bob", ["Security"], .forbidden), ("vault", "bob", ["ops"], .forbidden),
            ("acme-secret-x", nil, ["security"], .unauthenticated),
            ("acme-secret-x", "", ["security"], .unauthenticated),
            ("acme-secret-x", "*", [], .forbidden), ("acme-secret", "bob", [], .allowed),
            ("acme-open", nil, [], .allowed), ("acme-core", nil, [], .unauthenticated),
            ("acme-core", "bob", [], .allowed), ("other", nil, [], .allowed), ("vaults", nil, [], .allowed),
        ] as [(String, String?, Set<String>, Access.Verdict)]
    )
    func order(name: String, user: String?, groups: Set<String>, expected: Access.Verdict) throws {
        let access = try open(Self.rules)
        let caller = Caller(user: user, groups: groups)
        let project = try #require(ProjectName(name))
        #expect(access.verdict(on: project, for: caller) == expected)
        #expect(access.holds(access.readable(by: caller), project) == (expected == .allowed))
        #expect(access.isOpen(project) == (access.verdict(on: project, for: .anonymous) == .allowed))
    }

    @Test("Lists are asked credentials for where the rest is, and only of who has none")
    func lists() throws {
        let some = try open(Self.rules)
        #expect(some.verdictOnLists(for: .anonymous) == .allowed)
        let all = try open(Self.rules + "[[access]]\nprojects = [\"*\"]\ngroups = [\"staff\"]\n")
        #expect(all.verdictOnLists(for: .anonymous) == .unauthenticated)
        #expect(all.verdictOnLists(for: Caller(user: "bob")) == .allowed)
    }

    @Test("Users that the same rules let in share a list, others do not")
    func sharing() throws {
        let access = try open(Self.rules)
        let bob = access.readable(by: Caller(user: "bob"))
        #expect(bob == access.readable(by: Caller(user: "carl", groups: ["ops"])))
        #expect(bob != access.readable(by: Caller(user: "ann")))
        #expect(bob != access.readable(by: .anonymous))
    }

    @Test("The file of groups is followed; what it said stays while it is wrong or gone, and the log says so")
    func follows() throws {
        let directory = "/tmp/groups-\(Temporary.suffix())"
        try Directory.create(directory)
        defer { try? Directory.remove(directory) }
        let path = directory + "/groups"
        let error = try #require(throws: ConfigurationError.self) { try open(Self.rules, groups: path) }
        #expect(error.description.hasPrefix("\(path): does not exist"))

        try File.replace(path, with: Array("security: bob\n".utf8))
        let access = try open(Self.rules, groups: path)
        let project = try #require(ProjectName("vault"))
        func verdict(_ user: String) -> Access.Verdict {
            access.verdict(on: project, for: Caller(user: user))
        }
        #expect(verdict("bob") == .allowed && verdict("carl") == .forbidden)
        try File.replace(path, with: Array("security: carl\n".utf8))
        #expect(verdict("bob") == .forbidden && verdict("carl") == .allowed)
        try File.replace(path, with: Array("security bob\n".utf8))
        #expect(verdict("bob") == .forbidden && verdict("carl") == .allowed)
        #expect(log.messages.last?.contains("\(path):1: expected a group") == true)
        try Directory.remove(path)
        #expect(verdict("bob") == .forbidden && verdict("carl") == .allowed)
        #expect(log.messages.last?.contains("The groups of before stay in force") == true)
    }
}

@Suite("Caller")
struct CallerTests {
    private func caller(_ parameters: [String: String]) -> Caller {
        Caller { parameters[$0.description] }
    }

    @Test("Who asks is what the web server says, and nothing that a client can send")
    func parameters() {
        #expect(caller([:]) == .anonymous)
        #expect(caller(["REMOTE_USER": ""]).user == nil)
        #expect(
            caller(["REMOTE_USER": "ann", "PYINDEX_GROUPS": " a,b c ,,d\t"])
                == Caller(user: "ann", groups: ["a", "b c", "d"])
        )
        #expect(caller(["PYINDEX_GROUPS": "security"]) == .anonymous, "a group without a user is nobody's")
        let headers = [
            "HTTP_REMOTE_USER": "ann", "HTTP_PYINDEX_GROUPS": "security", "HTTP_AUTHORIZATION": "Basic YTph",
            "AUTH_TYPE": "Basic", "REMOTE_IDENT": "ann",
        ]
        #expect(caller(headers) == .anonymous)
    }
}
