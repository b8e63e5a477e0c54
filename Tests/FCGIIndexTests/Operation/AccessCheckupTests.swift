internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Check of access")
final class AccessCheckupTests {
    private let directory: String

    init() throws {
        directory = "/tmp/access-checkup-\(Temporary.suffix())"
        try Directory.create(directory)
    }

    deinit { try? Directory.remove(directory) }

    private func write(_ name: String, _ text: String) throws {
        try File.replace("\(directory)/\(name)", with: Array(text.utf8))
    }

    private func checkup(_ text: String) throws -> Checkup {
        let source = "[[source]]\nname = \"folder\"\ntype = \"directory\"\npath = \"\(directory)\"\n"
        let bytes = Array((text + source).utf8)
        let configuration = try Configuration(parsing: bytes, path: directory + "/config.toml", home: nil)
        return Checkup(configuration, webServer: nil)
    }

    private static let rule =
        "[[access]]\nprojects = [\"acme-*\"]\nusers = [\"ann\"]\ngroups = [\"security\", \"ops\"]\n"

    @Test("Rules and groups are counted, and groups that nobody is in named")
    func groups() throws {
        #expect(try checkup("").readers().isEmpty)
        try write("groups", "ops: ann\n")
        let findings = try checkup("access-groups = \"groups\"\n" + Self.rule).readers()
        #expect(
            findings == [
                .ok("access: rules: 1. Who asks is what the web server says by REMOTE_USER."),
                .ok("access-groups: \(directory)/groups can be read; groups: 1."),
                .warning(
                    "access-groups: \(directory)/groups has no group \"security\"; the web server must name its members."
                ),
            ]
        )
        try write("groups", "ops ann\n")
        let wrong = try checkup("access-groups = \"groups\"\n" + Self.rule).readers()
        #expect(
            wrong.contains {
                $0.level == .error && $0.text.hasPrefix("\(directory)/groups:1: expected a group")
            }
        )
        let alone = try checkup(Self.rule).readers()
        #expect(alone.last == .ok("access: who is in a group is what the web server says by PYINDEX_GROUPS."))
        let pointless = try checkup("access-groups = \"groups\"\n").readers()
        #expect(pointless.map(\.level) == [.warning])
    }

    @Test(
        "A socket that everybody may open lets everybody be anybody",
        arguments: [
            ("listen = \"127.0.0.1:9000\"\n", true), ("socket-mode = \"0666\"\n", true), ("", false),
            ("listen = \"inherited\"\n", false),
        ]
    )
    func claims(key: String, isWarned: Bool) throws {
        let findings = try checkup(key + Self.rule).readers()
        #expect(
            findings.contains { $0.level == .warning && $0.text.contains("claim to be anybody") } == isWarned
        )
    }

    @Test("A quarantine beside files that are handed out without asking is an error")
    func quarantine() throws {
        try write("yanks.toml", "[[status]]\nproject = \"acme-core\"\nstatus = \"quarantined\"\n")
        let errors = try checkup("direct-files = true\n").verdicts().filter { $0.level == .error }
        #expect(
            errors.count == 1 && errors[0].text.hasPrefix("The quarantine of acme-core does not hold back")
        )
        #expect(try checkup("").verdicts().allSatisfy { $0.level != .error })
        try write("yanks.toml", "[[status]]\nproject = \"acme-core\"\nstatus = \"archived\"\n")
        #expect(try checkup("direct-files = true\n").verdicts().allSatisfy { $0.level != .error })
    }
}
