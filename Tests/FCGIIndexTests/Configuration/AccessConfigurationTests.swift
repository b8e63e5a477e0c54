import Testing

@testable import FCGIIndex

@Suite("Configuration of access")
struct AccessConfigurationTests {
    @Test("Rules are read in order")
    func rules() throws {
        let read = try configuration(
            """
            access-groups = "groups"
            realm = "Acme's packages"
            [[access]]
            projects = ["Acme_Secret-*"]
            users = ["ann", "bob"]
            groups = ["security"]
            action = "read"
            [[access]]
            projects = ["acme-open"]
            everybody = true
            [[access]]
            projects = ["*"]
            users = ["*"]

            """ + smallest
        )
        #expect(read.accessGroupsFile == "/etc/pyindex/groups")
        #expect(read.realm == "Acme's packages")
        #expect(
            read.accessRules == [
                AccessRule(
                    projects: [NamePattern("acme-secret-*")!],
                    readers: .some(users: ["ann", "bob"], groups: ["security"])
                ),
                AccessRule(projects: [NamePattern("acme-open")!], readers: .everybody),
                AccessRule(projects: [NamePattern("*")!], readers: .authenticated),
            ]
        )
        #expect(try configuration(read.shown) == read)
    }

    @Test(
        "What is wrong is told with line and key",
        arguments: [
            (
                "users = [\"ann\"]",
                ["FILE:1: access[0].projects: missing; write it, such as projects = [\"acme-secret-*\"]."]
            ),
            (
                "projects = []\nusers = [\"ann\"]",
                [
                    "FILE:2: access[0].projects: is empty, so it decides about nothing; name projects, or [\"*\"] for all."
                ]
            ),
            (
                "projects = [\"a*b\"]\nusers = [\"ann\"]",
                [
                    "FILE:2: access[0].projects[0]: \"a*b\" is no project name (letters, digits, \".\", \"_\", \"-\"), nor the "
                        + "start of one and \"*\"."
                ]
            ),
            (
                "projects = [\"a\"]",
                [
                    "FILE:1: access[0]: write who may read: users = [\"ann\"], groups = [\"security\"], users = [\"*\"], "
                        + "everybody = true."
                ]
            ),
            (
                "projects = [\"a\"]\nusers = []",
                ["FILE:3: access[0].users: is empty; name somebody, or leave the key out."]
            ),
            (
                "projects = [\"a\"]\nusers = [\"*\", \"ann\"]",
                ["FILE:3: access[0].users: \"*\" is every user, so leave the others out, and groups."]
            ),
            (
                "projects = [\"a\"]\ngroups = [\"*\"]",
                ["FILE:3: access[0].groups[0]: \"*\" is no group; every user is users = [\"*\"]."]
            ),
            (
                "projects = [\"a\"]\ngroups = [\"b,c\"]",
                ["FILE:3: access[0].groups[0]: a group's name has no comma, which stands between groups."]
            ),
            (
                "projects = [\"a\"]\nusers = [\"\"]",
                ["FILE:3: access[0].users[0]: is an empty name."]
            ),
            (
                "projects = [\"a\"]\nusers = [\"ann\"]\neverybody = true",
                ["FILE:4: access[0].everybody: lets everybody read; leave out users and groups, or this."]
            ),
            (
                "projects = [\"a\"]\nusers = [\"ann\"]\naction = \"write\"",
                [
                    "FILE:4: access[0].action: expected \"read\", found the string \"write\", since nothing can be uploaded here "
                        + "yet; leave the key out."
                ]
            ),
            (
                "projects = [\"a*\"]\nusers = [\"ann\"]\n[[access]]\nprojects = [\"ab\", \"ac*\"]\nusers = [\"bob\"]",
                [
                    "FILE:4: access[1]: decides about nothing, since rules above name all its projects; move it up."
                ]
            ),
            (
                "project = [\"a\"]\nprojects = [\"a\"]\nusers = [\"ann\"]",
                ["FILE:2: access[0].project: unknown key; did you mean \"projects\"?"]
            ),
        ]
    )
    func wrong(text: String, lines: [String]) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try configuration("[[access]]\n" + text + "\n" + smallest)
        }
        let expected = lines.map { $0.replacing("FILE", with: "/etc/pyindex/config.toml") }
        #expect(error.issues.map(\.description) == expected)
    }

    @Test("One table is two brackets short")
    func table() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try configuration("[access]\nprojects = [\"a\"]\n" + smallest)
        }
        #expect(error.description.contains("write the header with two brackets: [[access]]"))
    }

    @Test("A realm is one that needs no quoting", arguments: ["a\\\"b", "a\\\\b", "", "a\\nb", "\u{e9}"])
    func realm(text: String) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try configuration("realm = \"\(text)\"\n" + smallest)
        }
        #expect(error.issues.first?.key == "realm")
    }

    @Test("Files that are handed out without asking are everybody's, so rules are refused beside them")
    func direct() throws {
        #expect(try configuration("direct-files = true\n" + smallest).hasDirectFiles)
        let error = try #require(throws: ConfigurationError.self) {
            try configuration(
                "direct-files = true\n[[access]]\nprojects = [\"a\"]\nusers = [\"ann\"]\n" + smallest
            )
        }
        let place = "/etc/pyindex/config.toml:1: direct-files: says that the web server hands out built files"
        #expect(error.description.hasPrefix(place))
    }

    @Test(
        "What is private is kept by one client alone",
        arguments: [
            ("no-cache", "private, no-cache"),
            ("public, max-age=31536000, immutable", "private, max-age=31536000, immutable"),
            ("max-age=600,s-maxage=10, Public", "private, max-age=600"), ("private", "private"),
            ("no-store", "private, no-store"),
        ]
    )
    func cacheControl(written: String, expected: String) throws {
        let value = try #require(CacheControl(written)).private.description
        #expect(value == expected)
        #expect(CacheControl(value) != nil)
    }
}
