import Digest
import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("Verdicts")
struct VerdictsTests {
    private static let acme = ProjectName("acme-core")!
    private static let old = ProjectName("acme-old")!

    private func verdicts(_ text: String) throws -> Verdicts {
        try Verdicts(parsing: Array(text.utf8), file: "FILE")
    }

    private func file(_ name: String) throws -> DistributionFilename {
        try #require(DistributionFilename(name))
    }

    @Test("Yanks by version, pattern and file name, with and without a reason")
    func yanks() throws {
        let read = try verdicts(
            """
            # A comment
            [[yank]]
            project = "Acme_Core"
            version = "1.0"
            reason = "Broken."

            [[yank]]
            project = "acme-core"
            file = "*-win_amd64.whl"
            reason = ""
            """
        )
        #expect(read.yanks.map(\.description) == ["acme-core 1.0", "acme-core *-win_amd64.whl"])
        #expect(
            read.yank(of: try file("acme_core-1.0.0.tar.gz"), in: Self.acme) == Yank(reason: "Broken.")
        )
        let wheel = try file("acme_core-2.0-py3-none-win_amd64.whl")
        #expect(read.yank(of: wheel, in: Self.acme) == Yank(reason: nil))
        #expect(read.yank(of: wheel, in: Self.old) == nil)
        #expect(read.yank(of: try file("acme_core-2.0.tar.gz"), in: Self.acme) == nil)
    }

    @Test("Of several entries that match a file the last one counts")
    func last() throws {
        let read = try verdicts(
            """
            yank = [
                { project = "acme-core", version = "*" },
                { project = "acme-core", version = "1.0", reason = "Worse." },
            ]
            """
        )
        #expect(read.yank(of: try file("acme_core-1.0.tar.gz"), in: Self.acme)?.reason == "Worse.")
        #expect(read.yank(of: try file("acme_core-1.1.tar.gz"), in: Self.acme) == Yank(reason: nil))
    }

    @Test("Every status is read, and only a quarantined project loses its files")
    func statuses() throws {
        let filename = try file("acme_old-1.0.tar.gz")
        for marker in ProjectStatus.Marker.allCases {
            let read = try verdicts(
                "[[status]]\nproject = \"acme-old\"\nstatus = \"\(marker.rawValue)\"\nreason = \"Why.\"\n"
            )
            let listed = IndexFile(
                filename: filename,
                identity: try #require(Identity("0123456789abcdef0123")),
                requiresPython: nil,
                uploadTime: Timestamp(0),
                bytes: nil
            )
            let page = read.applied(to: ProjectPage(name: Self.old, files: [listed]))
            #expect(page.status == ProjectStatus(marker, reason: "Why."))
            #expect(page.files.isEmpty == (marker == .quarantined))
            #expect((read.quarantine(of: Self.old) != nil) == (marker == .quarantined))
        }
    }

    @Test("What a source says stays where nothing is said here")
    func sourceSays() throws {
        var listed = IndexFile(
            filename: try file("acme_core-1.0.tar.gz"),
            identity: try #require(Identity("0123456789abcdef0123")),
            requiresPython: nil,
            uploadTime: Timestamp(0),
            bytes: nil
        )
        listed.yank = Yank(reason: "By its author.")
        let page = ProjectPage(name: Self.acme, files: [listed], status: ProjectStatus(.archived))
        #expect(try verdicts("").applied(to: page) == page)
        let other = "[[yank]]\nproject = \"acme-core\"\nversion = \"2\"\n"
        #expect(try verdicts(other).applied(to: page) == page)
        let own = "[[yank]]\nproject = \"acme-core\"\nversion = \"1\"\n"
        #expect(try verdicts(own).applied(to: page).files[0].yank == Yank(reason: nil))
        let hidden = ProjectPage(name: Self.acme, files: [listed], status: ProjectStatus(.quarantined))
        #expect(try verdicts("").applied(to: hidden).files.isEmpty)
    }

    @Test("The projects that differ are named")
    func differences() throws {
        let yank = YankRule(.file("*"), of: Self.acme)
        let one = Verdicts(yanks: [yank], statuses: [:])
        let two = Verdicts(yanks: [yank], statuses: [Self.old: ProjectStatus(.archived)])
        #expect(two.differences(from: one) == [Self.old])
        #expect(one.differences(from: two) == [Self.old])
        #expect(Verdicts().differences(from: two) == [Self.acme, Self.old])
        #expect(one.differences(from: one).isEmpty)
    }

    @Test(
        "What is wrong is named with file, line and key",
        arguments: [
            ("[[yank]\n", ["FILE:1:8: "]),
            (
                "[[yanks]]\nproject = \"x\"\nversion = \"1\"\n",
                ["FILE:1: yanks: unknown key; did you mean \"yank\"?"]
            ),
            (
                "[yank]\nproject = \"x\"\n",
                ["FILE:1: yank: expected tables [[yank]], found a table; write the header"]
            ),
            (
                "[[yank]]\nversion = \"1\"\n",
                ["FILE:1: yank[0].project: missing; write it, such as project = \"acme-core\"."]
            ),
            (
                "[[yank]]\nproject = \"x\"\n",
                ["FILE:1: yank[0]: write what is yanked, by one of the two: version = \"1.2.*\" or file = "]
            ),
            (
                "[[yank]]\nproject = \"x\"\nversion = \"1\"\nfile = \"x\"\n",
                ["FILE:1: yank[0]: write what is yanked, by one of the two: "]
            ),
            (
                "[[yank]]\nproject = \"x y\"\nversion = \"1\"\n",
                ["FILE:2: yank[0].project: expected a project name, found the string \"x y\"."]
            ),
            (
                "[[yank]]\nproject = \"x\"\nversion = \"one\"\n",
                [
                    "FILE:3: yank[0].version: expected a version such as \"1.0\", a pattern such as \"1.2.*\", or "
                ]
            ),
            ("[[yank]]\nproject = \"x\"\nversion = 1.0\n", ["FILE:3: yank[0].version: expected a version"]),
            ("[[yank]]\nproject = \"x\"\nfile = \"a/b\"\n", ["FILE:3: yank[0].file: expected a file name"]),
            (
                "[[yank]]\nproject = \"x\"\nversion = \"1\"\nreasn = \"y\"\n",
                ["FILE:4: yank[0].reasn: unknown key; did you mean \"reason\"?"]
            ),
            (
                "[[status]]\nproject = \"x\"\nstatus = \"active\"\nversion = \"1\"\n",
                ["FILE:4: status[0].version: unknown key here; it belongs to [[yank]]."]
            ),
            (
                "[[yank]]\nproject = \"x\"\nversion = \"1\"\n[[yank]]\nproject = \"X\"\nversion = \"1.0\"\n",
                ["FILE:4: yank[1]: x 1.0 is yanked above already; keep one of the two."]
            ),
            (
                "[[status]]\nproject = \"x\"\nstatus = \"quarantine\"\n",
                [
                    "FILE:3: status[0].status: expected \"active\", \"archived\", \"quarantined\" or \"deprecated\", found "
                        + "the string \"quarantine\"; did you mean \"quarantined\"?"
                ]
            ),
            (
                "[[status]]\nproject = \"x\"\n[[status]]\nstatus = \"active\"\n",
                ["FILE:1: status[0].status: missing;", "FILE:3: status[1].project: missing;"]
            ),
            (
                "[[status]]\nproject = \"x\"\nstatus = \"active\"\n[[status]]\nproject = \"x\"\nstatus = \"active\"\n",
                ["FILE:4: status[1]: the status of x stands above already; keep one of the two."]
            ),
            ("threads = 3\n", ["FILE:1: threads: unknown key; known are yank, status."]),
        ]
    )
    func refused(text: String, lines: [String]) throws {
        let error = try #require(throws: ConfigurationError.self) { try verdicts(text) }
        let found = error.issues.map(\.description)
        #expect(found.count == lines.count, "\(found)")
        for (line, expected) in zip(found, lines) { #expect(line.hasPrefix(expected), "\(line)") }
    }

    @Test("Every key's example is a value it takes, in one sentence", arguments: ConfigurationKey.verdicts)
    func keys(key: ConfigurationKey) {
        #expect(key.kind.accepts(key.sample))
        #expect(key.sentence.hasSuffix("."))
    }
}
