import Glibc
import POSIX
import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("Changing the file of verdicts")
final class VerdictEditorTests {
    private let directory: String
    private let configuration: Configuration
    private let ledger: Ledger
    private let acme = ProjectName("acme-core")!
    private var path: String { configuration.yanksFile }

    init() throws {
        directory = "/tmp/verdicts-\(Temporary.suffix())"
        try Directory.create(directory)
        configuration = Configuration(
            path: "\(directory)/config.toml",
            listen: .inherited,
            cacheDirectory: "\(directory)/cache",
            stateDirectory: directory,
            yanksFile: "\(directory)/yanks.toml",
            sources: []
        )
        try File.replace(configuration.path, with: [], mode: 0o604)
        ledger = try Ledger(directory: directory)
    }

    deinit { try? Directory.remove(directory) }

    private var editor: VerdictEditor { VerdictEditor(configuration, ledger: ledger, user: "ann") }

    private var text: String {
        get throws { String(decoding: try File.read(path), as: UTF8.self) }
    }

    private var events: [String] {
        get throws {
            String(decoding: try File.readIfPresent("\(directory)/ledger.jsonl") ?? [], as: UTF8.self)
                .split(separator: "\n").map { String($0).replacing(#/"time":\d+/#, with: #""time":0"#) }
        }
    }

    private func write(_ text: String) throws { try File.replace(path, with: Array(text.utf8), mode: 0o644) }

    private func rule(_ version: String, _ reason: String? = nil) throws -> YankRule {
        YankRule(.version(try #require(VersionPattern(version))), of: acme, reason: reason)
    }

    private func unyank(_ version: String, of project: ProjectName? = nil) throws {
        try editor.unyank(try rule(version).target, of: project ?? acme)
    }

    @Test("The first yank makes the file, as readable as the configuration, and tells the ledger")
    func first() throws {
        #expect(try editor.yank(rule("1.2.*", "Say \"no\".\nTwice.")))
        #expect(
            try text == """
                [[yank]]
                project = "acme-core"
                version = "1.2.*"
                reason = "Say \\"no\\".\\nTwice."

                """
        )
        #expect(try FileStatus(path: path).mode & 0o777 == 0o604)
        #expect(
            try events == [
                #"{"event":"yanked","project":"acme-core","reason":"Say \"no\".\nTwice.","time":0,"user":"ann","#
                    + #""version":"1.2.*"}"#
            ]
        )
        #expect(try !editor.yank(rule("1.2.*", "Say \"no\".\nTwice.")), "it is said already")
        #expect(try events.count == 1)
    }

    private static let handmade = """
        # Yanks of the platform team.
        # Ask ann.

        [[yank]]   # found in May
        project = "Acme.Core"  # the old name
          version = '1.0'      # sic
        reason = '''
        Two
        lines'''  # why

        # About the other one
        [[status]]
        project = "acme-old"
        status = "archived" # since June

        [[yank]]
        project = "acme-core"
        file = "*win*"
        # the end
        """

    @Test("A yank that is taken back leaves every other line as it was")
    func unyank() throws {
        try write(Self.handmade)
        try unyank("1.0.0")
        #expect(
            try text == """
                # Yanks of the platform team.
                # Ask ann.

                # About the other one
                [[status]]
                project = "acme-old"
                status = "archived" # since June

                [[yank]]
                project = "acme-core"
                file = "*win*"
                # the end
                """
        )
        try editor.unyank(.file("*win*"), of: acme)
        #expect(try text.hasSuffix("status = \"archived\" # since June\n\n# the end"))
        #expect(try !editor.mark(try #require(ProjectName("nobody")), .active))
        #expect(try editor.mark(try #require(ProjectName("acme-old")), .active))
        #expect(try text == "# Yanks of the platform team.\n# Ask ann.\n\n# About the other one\n\n# the end")
        #expect(try events.map { $0.contains("unyanked") } == [true, true, false])
        #expect(try events.last?.contains(#""status":"active""#) == true)
    }

    @Test("Yanking again changes the reason and nothing else")
    func reason() throws {
        try write(Self.handmade)
        #expect(try editor.yank(rule("v1.0.0", "New")))
        #expect(
            try text
                == Self.handmade.replacing("'''\nTwo\nlines'''", with: "\"New\"")
        )
        #expect(try editor.yank(rule("1.0")))
        #expect(try !text.contains("reason"))
        #expect(try text.contains("  version = '1.0'      # sic\n\n# About"))
        #expect(try editor.yank(rule("1.0", "Back")))
        #expect(try text.contains("  version = '1.0'      # sic\nreason = \"Back\"\n\n# About"))
    }

    @Test("A status is set, changed and taken away in place")
    func status() throws {
        try write(Self.handmade)
        let old = try #require(ProjectName("Acme_Old"))
        #expect(try editor.mark(old, ProjectStatus(.deprecated, reason: "Use acme-core.")))
        #expect(
            try text
                == Self.handmade.replacing(
                    "\"archived\" # since June\n",
                    with: "\"deprecated\" # since June\nreason = \"Use acme-core.\"\n"
                )
        )
        #expect(try editor.mark(old, ProjectStatus(.archived)))
        #expect(try text == Self.handmade)
        #expect(try editor.mark(acme, ProjectStatus(.quarantined)))
        #expect(
            try text == Self.handmade + "\n\n[[status]]\nproject = \"acme-core\"\nstatus = \"quarantined\"\n"
        )
        #expect(try Verdicts(contentsOf: path).quarantine(of: acme) != nil)
    }

    @Test(
        "Yanking and taking it back leaves the text as it was",
        arguments: ["", handmade + "\n", "# x\n\n"]
    )
    func reversible(before: String) throws {
        try write(before)
        #expect(try editor.yank(rule("9")))
        try unyank("9")
        #expect(try text == before || text == before.replacing("\n\n", with: "\n"))
    }

    @Test("Line ends stay those of the file")
    func lineEnds() throws {
        try write("# x\r\n[[yank]]\r\nproject = \"acme-core\"\r\nversion = \"1\"")
        #expect(try editor.yank(rule("1", "y")))
        #expect(try editor.yank(rule("2")))
        #expect(
            try text == "# x\r\n[[yank]]\r\nproject = \"acme-core\"\r\nversion = \"1\"\r\nreason = \"y\"\r\n"
                + "\r\n[[yank]]\r\nproject = \"acme-core\"\r\nversion = \"2\"\r\n"
        )
    }

    @Test(
        "What is not yanked by itself is refused, with what probably was meant",
        arguments: [
            ("acme-core", "1.2.3", "acme-core 1.2.3 is yanked by the entry \"1.2.*\"; unyank that one."),
            ("acme-core", "<1.9", "No entry yanks exactly acme-core <1.9; did you mean \"<1.0\"?"),
            (
                "acme-core", ">=3,<4,!=3.7",
                "No entry yanks exactly acme-core >=3,<4,!=3.7; there are: 1.2.*, <1.0."
            ),
            ("acme-coer", "1.2.3", "Nothing of acme-coer is yanked. Did you mean \"acme-core\"?"),
            ("other", "1.2.3", "Nothing of other is yanked."),
        ]
    )
    func notYanked(project: String, version: String, message: String) throws {
        _ = try editor.yank(rule("1.2.*"))
        _ = try editor.yank(rule("<1.0"))
        let before = try text
        let name = try #require(ProjectName(project))
        let error = try #require(throws: VerdictError.self) { try unyank(version, of: name) }
        #expect(error.description == message)
        #expect(try text == before)
        #expect(try events.count == 2)
    }

    @Test("A file that is wrong, or not made of tables, is left alone")
    func leftAlone() throws {
        for text in ["[[yank]]\n", "[[yank]\n"] {
            try write(text)
            let error = try #require(throws: VerdictError.self) { try editor.yank(rule("1")) }
            guard case .wrong = error else { throw error }
            #expect(try self.text == text)
        }
        let inline =
            "yank = [{ project = \"acme-core\", version = \"1\" }, { project = \"x\", version = \"1\" }]\n"
        try write(inline)
        #expect(throws: VerdictError.uneditable(path: path)) { try unyank("1") }
        #expect(throws: VerdictError.uneditable(path: path)) { try editor.yank(rule("2")) }
        #expect(throws: VerdictError.uneditable(path: path)) { try editor.yank(rule("1", "y")) }
        #expect(try text == inline)
        #expect(try events.isEmpty)
    }

    @Test("Permissions stay, and a symbolic link stays one")
    func permissions() throws {
        try Directory.create("\(directory)/real")
        try File.replace("\(directory)/real/file", with: [], mode: 0o600)
        try #require(symlink("real/file", path) == 0)
        if geteuid() == 0 { try #require(chown("\(directory)/real/file", 12, 34) == 0) }
        _ = try editor.yank(rule("1"))
        #expect(try FileStatus(path: path, followingLinks: false).isSymbolicLink)
        let status = try FileStatus(path: path)
        #expect(status.mode & 0o777 == 0o600)
        if geteuid() == 0 { #expect(status.owner == 12 && status.group == 34) }
        #expect(try Directory.entries("\(directory)/real") == ["file"])
    }

    @Test("Changes at once are all made, and all in the ledger")
    func concurrent() throws {
        let (configuration, acme) = (configuration, acme)
        let threads = try (0..<16).map { number in
            try Thread(named: "editor") {
                guard let ledger = try? Ledger(directory: configuration.stateDirectory),
                    let pattern = VersionPattern("\(number)")
                else { return }
                let editor = VerdictEditor(configuration, ledger: ledger, user: "ann")
                _ = try? editor.yank(YankRule(.version(pattern), of: acme))
                if number % 2 == 1 { try? editor.unyank(.version(pattern), of: acme) }
            }
        }
        threads.forEach { $0.join() }
        #expect(try Verdicts(contentsOf: path).yanks.count == 8)
        #expect(try events.count == 24)
    }

    @Test("The ledger goes on with these events, and they own no name")
    func ledgerEvents() throws {
        _ = try editor.yank(YankRule(.file("*.whl"), of: acme))
        _ = try editor.mark(acme, ProjectStatus(.archived, reason: "Done."))
        let again = try Ledger(directory: directory)
        #expect(!again.owns(acme))
        #expect(try again.refresh().isEmpty)
        for line in try events {
            let event = try LedgerEvent(line: Array(line.utf8))
            #expect(String(decoding: try event.line(), as: UTF8.self) == line + "\n")
        }
        #expect(try events.last?.contains(#""reason":"Done.","status":"archived""#) == true)
    }
}
