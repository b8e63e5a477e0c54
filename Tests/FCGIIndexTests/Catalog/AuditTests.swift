internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Audit")
final class AuditTests {
    private let directory: String
    private let ledger: Ledger
    private let editor: VerdictEditor
    private let acme = ProjectName("acme-core")!
    private let other = ProjectName("acme-other")!

    init() throws {
        directory = "\(Workshop.base)/pyindex-audit-\(Temporary.suffix())"
        try Directory.create(directory)
        let configuration = Configuration(
            path: "\(directory)/config.toml",
            listen: .inherited,
            cacheDirectory: "\(directory)/cache",
            stateDirectory: directory,
            yanksFile: "\(directory)/yanks.toml",
            sources: []
        )
        try File.replace(configuration.path, with: [])
        ledger = try Ledger(directory: directory)
        editor = VerdictEditor(configuration, ledger: ledger, user: "ann")
    }

    deinit { try? Directory.remove(directory) }

    private func yank(_ version: String, of project: ProjectName) throws {
        let pattern = try #require(VersionPattern(version))
        _ = try editor.yank(YankRule(.version(pattern), of: project, reason: "Broken."))
    }

    private func events(of project: ProjectName? = nil) throws -> [String] {
        try Audit(directory: directory).lines(of: project).map {
            "\($0.user ?? "-") \($0.project) \($0.event)"
        }
    }

    @Test("Decisions are told by project and in order, those made since the last look too")
    func decisions() throws {
        #expect(try events() == [])
        try yank("1.2.*", of: acme)
        #expect(try events() == ["ann acme-core yanked 1.2.*: Broken."])
        _ = try editor.mark(other, ProjectStatus(.archived, reason: nil))
        try ledger.recordOwnership(of: [acme], by: "wheels")
        try yank("2.0", of: acme)
        #expect(try events(of: other) == ["ann acme-other status archived"])
        #expect(try events(of: acme).map { $0.suffix(10) } == ["*: Broken.", "0: Broken."])
        #expect(try events().count == 3)
    }

    @Test("A catalog that is deleted is made anew, with nothing lost")
    func deleted() throws {
        try yank("1.0", of: acme)
        try yank("2.0", of: other)
        let before = try Audit(directory: directory).lines()
        #expect(before.count == 2)
        for name in try Directory.entries(directory) where name.hasPrefix("catalog.sqlite") {
            try Directory.remove("\(directory)/\(name)")
        }
        #expect(try Audit(directory: directory).lines() == before)
    }

    @Test("Another ledger in the place of the old one is read from its beginning", arguments: [false, true])
    func replaced(isGone: Bool) throws {
        try yank("1.0", of: acme)
        #expect(try events().count == 1)
        if isGone {
            unlink("\(directory)/ledger.jsonl")
        } else {
            try File.replace("\(directory)/ledger.jsonl", with: [])
        }
        #expect(try events() == [])
        try yank("3.0", of: acme)
        #expect(try events() == ["ann acme-core yanked 3.0: Broken."])
    }

    @Test("A line that is no event is named, by its number")
    func unreadable() throws {
        try yank("1.0", of: acme)
        let bytes = try File.read("\(directory)/ledger.jsonl")
        try File.replace("\(directory)/ledger.jsonl", with: bytes + Array("nonsense\n".utf8))
        let error = #expect(throws: LedgerError.self) { try self.events() }
        #expect("\(try #require(error))".contains("2"))
    }
}
