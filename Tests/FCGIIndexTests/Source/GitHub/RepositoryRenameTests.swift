internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Repository names")
struct RepositoryRenameTests {
    @Test(
        "rules are applied in order, each to what the one before made",
        arguments: [
            ("pack", [("^octo", ""), ("^pack$", "test-repo")], "test-repo"),
            ("octopack", [("^octo", ""), ("^pack$", "test-repo")], "test-repo"),
            ("acme-core", [("^acme-(.+)$", "py-$1")], "py-core"),
            ("acme-core", [("^acme-(.+)$", "${1}2")], "core2"),
            ("acme-core", [("(?P<head>a)(?<tail>c)", "${tail}$head")], "came-core"),
            ("a-b-c", [("-", "_")], "a_b_c"), ("x", [("x", "$$1")], "$1"), ("x", [(#"\(?x"#, "y")], "y"),
        ]
    )
    func applied(project: String, rules: [(String, String)], repository: String) throws {
        let rules = try rules.map { try RepositoryRename(pattern: $0.0, replacement: $0.1) }
        #expect(rules.repository(of: try #require(ProjectName(project))) == repository)
    }

    @Test(
        "what is no expression, or names a group that it does not have, is refused",
        arguments: [("(", ""), ("a", "$1"), ("(a)", "$1x"), ("(a)", "${2}"), ("a", "$"), ("(a)", "${1")]
    )
    func refused(pattern: String, replacement: String) {
        #expect(throws: ValueProblem.self) {
            try RepositoryRename(pattern: pattern, replacement: replacement)
        }
    }

    @Test(
        "repositories are owner and name",
        arguments: [
            "acme", "acme/", "/x", "acme/../x", "a/b/c", "acme/..", "ac me/x", "acme/x y", "-a/b", "a/é",
        ]
    )
    func noRepository(text: String) { #expect(GitHubRepository(text) == nil) }

    @Test("cases do not matter")
    func cases() { #expect(GitHubRepository("Acme/Tools.Py")?.description == "acme/tools.py") }
}

@Suite("Callers' credentials")
struct CallersCredentialsTests {
    @Test("user name and password are read as they are sent")
    func read() {
        let read = CallersCredentials(authorization: "basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==")
        #expect(read?.user == "Aladdin" && read?.password == "open:sesame")
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "Basic", "Basic ", "Bearer QTpi", "Basic QTpi!", "Basic QTo=", "Basic Zm9v", "Basic QTpiCg==",
            "Basic Q",
            "Basic QTpi=QTpi", "Basic /w==",
        ]
    )
    func none(text: String) { #expect(CallersCredentials(authorization: text) == nil) }

    @Test("the same are known again, and no others")
    func scope() {
        let read = { (text: String) in CallersCredentials(authorization: text)?.scope }
        #expect(read("Basic QTpi") == read("Basic YTpi"))  // A:b and a:b
        #expect(read("Basic QTpi") != read("Basic QTpj"))
        #expect(read("Basic QTpi") != read("Basic QWE6Yg=="))
    }
}
