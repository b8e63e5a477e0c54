internal import Digest
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Lists of files")
final class FileListTests {
    private let directory = "\(Workshop.base)/pyindex-list-\(Temporary.suffix())"
    private let digits = String(repeating: "a1", count: 32)

    init() throws { try Directory.create(directory) }

    deinit { try? Directory.remove(directory) }

    private func source(packages: [String]? = nil) -> FileListSourceConfiguration {
        FileListSourceConfiguration(
            name: "list",
            path: directory + "/list.jsonl",
            packagesURL: "https://files.example/pool/",
            packages: packages?.compactMap { NamePattern($0) }
        )
    }

    private func list(_ text: String, packages: [String]? = nil) -> FileList {
        FileList(parsing: Array(text.utf8), source(packages: packages))
    }

    @Test("A name, and everything that an object says")
    func lines() throws {
        let list = list(
            """
            acme-1.0.tar.gz
            {"filename": "acme-2.0+x-py3-none-any.whl", "hash": "sha256=\(digits)", "requires_python": ">=3.8", "core_metadata": "sha256=\(digits)", "uploaded_by": "ann", "upload_timestamp": 1700000000.5, "yanked_reason": "Bro\\u006ben.", "requires_dist": ["x"], "new": {"a": [1]}}
            {"filename": "acme-1.5.tar.gz", "hash": null, "requires_python": null, "core_metadata": null, "yanked_reason": null, "upload_timestamp": null}

            """
        )
        #expect(list.skipped.isEmpty)
        let acme = try #require(ProjectName("acme"))
        let files = try #require(list.projects[acme])
        #expect(
            files.map(\.filename.description) == [
                "acme-1.0.tar.gz", "acme-1.5.tar.gz", "acme-2.0+x-py3-none-any.whl",
            ]
        )
        #expect(files[0].url == "https://files.example/pool/acme-1.0.tar.gz")
        let wheel = files[2]
        #expect(wheel.url == "https://files.example/pool/acme-2.0%2Bx-py3-none-any.whl")
        #expect(wheel.bytes?.digest?.hex == digits && wheel.bytes?.metadata?.digest?.description == digits)
        #expect(wheel.requiresPython == ">=3.8" && wheel.uploadTime == Timestamp(1_700_000_000))
        #expect(wheel.yank == Yank(reason: "Broken."))
        #expect(files[1].bytes?.digest == nil && files[1].yank == nil && files[1].uploadTime == nil)
    }

    @Test("A bad line is skipped, with its number and the reason")
    func badLines() {
        let list = list(
            """
            acme-1.0.tar.gz
            README.md
            {"filename": "acme-2.0.tar.gz"
            {"hash": "sha256=\(digits)"}
            {"filename": "acme-2.0.tar.gz", "hash": "sha256=123"}
            {"filename": "acme-2.0.tar.gz", "hash": "\(digits)"}
            {"filename": "../acme-2.0.tar.gz"}
            \t acme-1.0.tar.gz \r
            other-1.0.tar.gz
            {"filename": "acme-3.0.tar.gz", "upload_timestamp": 1e300}
            {"filename": "acme-3.0.tar.gz", "core_metadata": "md5=1"}
            {"filename": "acme-3.0.tar.gz", "requires_python": "a\\nb"}
            \u{1b}[31m.whl
            """,
            packages: ["acme*"]
        )
        #expect(list.projects.values.map(\.count) == [1])
        #expect(list.skipped.map(\.number) == Array(2...13))
        #expect(list.skipped[1].reason.hasPrefix("It is no JSON from character"))
        #expect(list.skipped[6].reason == "Line 1 has a file of this name.")
        #expect(list.skipped[7].reason.contains("does not claim other"))
        #expect(list.skipped[11].text == "?[31m.whl")
    }

    @Test("A list is followed; while it was never read its names are unavailable, and gone names stay ours")
    func followed() throws {
        let ledger = try Ledger(directory: directory)
        let made = FileListSource(source(packages: nil), ledger: ledger, logger: Configuration.silence)
        let acme = try #require(ProjectName("acme"))
        _ = made.changes()
        #expect(throws: SourceError.self) { try made.project(acme) }
        #expect(made.conditions.first?.failure != nil)
        #expect(made.hasNews)
        try File.replace(directory + "/list.jsonl", with: Array("acme-1.0.tar.gz\nother-1.0.tar.gz\n".utf8))
        #expect(made.hasNews)
        _ = made.changes()
        #expect(try made.files(of: "acme") == ["acme-1.0.tar.gz"])
        #expect(made.conditions.first?.failure == nil)
        #expect(ledger.owns(acme))
        try File.replace(directory + "/list.jsonl", with: Array("acme-1.0.tar.gz\nacme-1.1.tar.gz\n".utf8))
        #expect(made.hasNews)
        guard case .some(let changed) = made.changes() else {
            Issue.record("nothing changed")
            return
        }
        #expect(Set(changed.map(\.normalized)) == ["acme", "other"])
        #expect(try made.files(of: "acme")?.count == 2)
        #expect(try made.files(of: "other") == nil)
        #expect(try made.reserving(namesIn: ledger).files(of: "other") == [])
        try Directory.remove(directory + "/list.jsonl")
        _ = made.changes()
        #expect(try made.files(of: "acme")?.count == 2, "what was read stays in force")
        #expect(made.conditions.first?.failure != nil)
    }

    @Test("A claimed name without a file is an empty page")
    func claimed() throws {
        try File.replace(directory + "/list.jsonl", with: [])
        let made = FileListSource(source(packages: ["acme-*"]), ledger: nil, logger: Configuration.silence)
        _ = made.changes()
        #expect(try made.files(of: "acme-x") == [])
        #expect(try made.files(of: "other") == nil)
        #expect(try made.explainedFiles(of: "acme-x") == [])
    }

    @Test("20,000 lines are read in moments, also without optimization on a busy machine")
    func large() {
        let text = (0..<20_000).map { number in
            #"{"filename": "acme_\#(number / 50)-1.\#(number % 50).tar.gz", "hash": "sha256=\#(digits)", "requires_python": ">=3.8", "upload_timestamp": 1700000000}"#
        }
        let bytes = Array(text.joined(separator: "\n").utf8)
        let time = ContinuousClock().measure {
            #expect(FileList(parsing: bytes, source()).projects.count == 400)
        }
        #expect(time < .seconds(30))
    }

    @Test(
        "A relative packages-url starts from a project's page",
        arguments: [
            ("https://files.example/x", "/", "https://files.example/x/"),
            ("../../pool/", "/", "/pool/"), ("../../pool", "/pypi/", "/pypi/pool/"),
            ("../../../pool/", "/pypi", "/pool/"), ("/pool/a", "/pypi", "/pool/a/"),
            ("../x/", "/", "/simple/x/"),
        ]
    )
    func packagesURL(written: String, base: String, expected: String) throws {
        #expect(try PackagesURL(written, under: #require(BasePath(base))).text == expected)
    }

    @Test(
        "A packages-url that leads nowhere is refused",
        arguments: ["../../../x/", "//evil.example/", "a b/", "", "x?y=", "javascript:x", "files/"]
    )
    func wrongPackagesURL(written: String) {
        #expect(throws: ValueProblem.self) { try PackagesURL(written, under: .root) }
    }
}
