import Foundation
import Testing

/// The suite of `conformance/`, which `make test` has installed, against a site of this program.
@Suite("The conformance suite", .serialized)
struct ConformanceTests {
    private static let python = Places.package + "/.build/conformance/suite/bin/python"

    /// Runs the suite, and attaches its report to the test.
    private func check(_ site: Site, _ options: String...) throws {
        let report = site.directory + "/report.json"
        let run = try Run(
            [Self.python, "-m", "simple_api_conformance", site.index, "--report", report, "-q"] + options,
            limit: .seconds(300)
        )
        if let json = try? text(of: report) { Attachment.record(json, named: "conformance.json") }
        #expect(run.succeeded, "\(run.output.suffix(4000))")
        #expect(try text(of: report).contains("\"passed\""), "nothing was checked")
    }

    @Test("Every MUST and SHOULD holds for tags of a repository", arguments: ["/", "/pypi/"])
    func git(basePath: String) throws {
        try Site.with(
            Settings(
                basePath: basePath,
                keys: "public-url = \"http://127.0.0.1:PORT\(basePath)\"",
                tables: "[provenance]\nkey = \"signer.key\"\ncertificate = \"signer.crt\"\n"
            ),
            prepare: { monorepo in
                let directory = URL(fileURLWithPath: monorepo.path).deletingLastPathComponent().path
                _ = try Authority("signer", in: directory)
                for version in ["1.0", "1.1rc1", "1.1", "2.0.post1"] {
                    try monorepo.release("acme-core", version)
                }
                try monorepo.release("acme-app", "1.0", needs: ["acme-core>=1"])
                for name in ["acme-old", "acme-bad"] { try monorepo.release(name, "1.0") }
            }
        ) { site in
            let verdicts = """
                yank = [{ project = "acme-core", version = "1.0", reason = "Breaks <this> & \\"that\\"." }]
                status = [
                    { project = "acme-old", status = "archived", reason = "Use acme-core." },
                    { project = "acme-bad", status = "quarantined" },
                ]

                """
            try Data(verdicts.utf8).write(to: URL(fileURLWithPath: site.directory + "/yanks.toml"))
            try check(
                site,
                "--project",
                "acme-core",
                "--project",
                "acme-app",
                "--absent",
                "acme-absent",
                "--yanked-project",
                "acme-core",
                "--archived-project",
                "acme-old",
                "--quarantined-project",
                "acme-bad"
            )
        }
    }

    @Test("Every MUST and SHOULD holds for a folder of files: the suite's own corpus")
    func folder() throws {
        try Site.with(
            Settings(packages: ["monorepo-*"], hasFolder: true),
            prepare: { monorepo in
                let wheels = URL(fileURLWithPath: monorepo.path).deletingLastPathComponent().path + "/wheels"
                try #require(
                    try Run([Self.python, "-m", "simple_api_conformance.corpus", wheels]).succeeded
                )
            }
        ) { site in
            let yanks = """
                yank = [
                    { project = "acme-yanked", version = "1.1", reason = "Breaks <this> & \\"that\\"." },
                    { project = "acme-yanked", version = "1.2" },
                ]

                """
            try Data(yanks.utf8).write(to: URL(fileURLWithPath: site.directory + "/yanks.toml"))
            try check(site, "--corpus", "--yanked-project", "acme-yanked")
        }
    }
}
