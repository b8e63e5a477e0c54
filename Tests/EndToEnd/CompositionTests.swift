import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// A git repository, releases on GitHub, a folder, a list of files and another index behind one URL.
@Suite("Sources that compose", .serialized)
struct CompositionTests {
    private static let day = 86_400.0

    /// What `explain` says, as far as the tests read it.
    private struct Account: Decodable {
        struct File: Decodable {
            let filename: String
            let source: String?
        }

        struct Hidden: Decodable {
            let name: String
            let source: String
            let reason: String
        }

        struct Statement: Decodable {
            let source: String
            let says: String
        }

        let answer: String
        let asked: [Statement]
        let files: [File]
        let hidden: [Hidden]
    }

    private static func page(_ files: [(name: String, age: Double)]) -> (type: String, body: [UInt8]) {
        let files = files.map { file -> String in
            let time = Date(timeIntervalSinceNow: -file.age * day)
            let text = ISO8601DateFormatter().string(from: time)
            return
                "{\"filename\":\"\(file.name)\",\"url\":\"/f/\(file.name)\",\"hashes\":{},\"upload-time\":\"\(text)\"}"
        }
        let text =
            "{\"meta\":{\"api-version\":\"1.1\"},\"name\":\"NAME\",\"versions\":[],\"files\":[\(files.joined(separator: ","))]}"
        return ("application/vnd.pypi.simple.v1+json", Array(text.utf8))
    }

    /// An index with a public project, another version of one that is also here, and traps for all that is owned.
    private static func makeUpstream() throws -> Upstream {
        func wheel(_ name: String, _ version: String, _ more: String = "") -> (
            String, (type: String, body: [UInt8])
        ) {
            let file = "\(name.replacingOccurrences(of: "-", with: "_"))-\(version)-py3-none-any.whl"
            return ("/f/" + file, ("application/zip", ZipFixture.wheel(name, version, metadata: more).bytes))
        }
        var pages: [String: (type: String, body: [UInt8])] = [:]
        let projects: [String: [(name: String, age: Double)]] = [
            "leftpad": [("leftpad-1.0-py3-none-any.whl", 400), ("leftpad-2.0-py3-none-any.whl", 1)],
            "ripening": [
                ("ripening-1.0-py3-none-any.whl", 400), ("ripening-1.1-py3-none-any.whl", 7 - 8 / day),
            ],
            "numbers": [("numbers-1.0-py3-none-any.whl", 400), ("numbers-1.1-py3-none-any.whl", 300)],
            "acme-core": [("acme_core-99-py3-none-any.whl", 400)],
            "acme-secret": [("acme_secret-99-py3-none-any.whl", 400)],
            "listed": [("listed-99-py3-none-any.whl", 400)],
            "tooling": [("tooling-99-py3-none-any.whl", 400)],
        ]
        for (project, files) in projects {
            var page = page(files)
            page.body = Array(
                String(decoding: page.body, as: UTF8.self).replacingOccurrences(of: "NAME", with: project)
                    .utf8
            )
            pages["/simple/\(project)/"] = page
        }
        let wheels = [
            wheel("leftpad", "1.0"), wheel("leftpad", "2.0"), wheel("numbers", "1.0"),
            wheel("numbers", "1.1"),
            wheel("listed", "1.0", "Requires-Dist: leftpad\n"), wheel("acme-core", "99"),
            wheel("listed", "99"), wheel("tooling", "99"),
        ]
        for (path, wheel) in wheels { pages[path] = wheel }
        return try Upstream(pages)
    }

    /// A GitHub on which acme has one repository, with releases of one project.
    private static func makeGitHub() throws -> GitHub {
        let github = try GitHub(validates: false)
        github.world.repositories["acme/tools"] = .init(releases: [
            .init(tag: "v2", draft: true, assets: [try github.wheel("tooling", "2.0")]),
            .init(tag: "v1", assets: [try github.wheel("tooling", "1.0")]),
        ])
        try File.replace(github.directory + "/token", with: Array("server-secret-token".utf8), mode: 0o644)
        return github
    }

    private func withSite(_ body: (Site, Upstream, GitHub) throws -> Void) throws {
        let upstream = try Self.makeUpstream()
        defer { upstream.stop() }
        let github = try Self.makeGitHub()
        let root = upstream.url.replacingOccurrences(of: "simple/", with: "")
        var settings = Settings()
        settings.packages = ["acme-core", "acme-secret"]
        settings.tables = """

            [[source]]
            name = "github"
            type = "github-releases"
            owners = ["acme"]
            token-file = "\(github.directory)/token"
            \(github.keys)

            [[source]]
            name = "folder"
            type = "directory"
            path = "SITE/wheels"
            [[source.deny]]
            projects = ["numbers"]
            versions = "<0.9"

            [[source]]
            name = "list"
            type = "files"
            path = "SITE/list.jsonl"
            packages-url = "\(root)f/"

            [[source]]
            name = "mirror"
            type = "simple"
            mode = "redirect"
            url = "\(upstream.url)"
            max-age = 3600
            minimum-age = 7

            [[group]]
            name = "public"
            members = ["folder", "list", "mirror"]
            merge = true
            shared = ["numbers"]

            """
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0", needs: ["listed", "numbers", "tooling"])
            let site = Directory.parent(of: monorepo.path)
            try FileManager.default.createDirectory(
                atPath: site + "/wheels",
                withIntermediateDirectories: true
            )
            for version in ["0.8", "1.2"] {
                let path = site + "/wheels/numbers-\(version)-py3-none-any.whl"
                try Data(ZipFixture.wheel("numbers", version).bytes).write(to: URL(fileURLWithPath: path))
                chmod(path, 0o644)
            }
            let line = "{\"filename\": \"listed-1.0-py3-none-any.whl\"}\nno distribution\n"
            try Data(line.utf8).write(to: URL(fileURLWithPath: site + "/list.jsonl"))
        }
        try Site.with(settings, prepare: prepare) { site in
            // Before GitHub was read nobody knows whose a name is.
            let isRead = try eventually { try site.get("simple/tooling/").status == 200 }
            try #require(isRead)
            try body(site, upstream, github)
        }
        let owned = upstream.requests.filter { path in
            ["acme", "/simple/listed", "tooling"].contains { path.contains($0) }
        }
        #expect(owned.isEmpty, "an owned name reached the other index")
    }

    private func account(_ project: String, _ site: Site) throws -> Account {
        let answer = try site.get("-/explain/\(project)", ["Accept": "application/json"])
        #expect(answer.status == 200)
        return try JSONDecoder().decode(Account.self, from: Data(answer.body))
    }

    @Test("pip, uv and poetry install a tree that needs all of them", arguments: Clients.names + ["poetry"])
    func install(client: String) throws {
        try withSite { site, _, _ in
            let (run, environment) = try Clients.install("acme-core", by: client, from: site)
            #expect(run.succeeded, "\(run.output)")
            let wanted = "acme-core==1.0 leftpad==1.0 listed==1.0 numbers==1.2 tooling==1.0"
            #expect(try Clients.installed(in: environment) == wanted)
        }
    }

    @Test("What explain says is what the page has, and why the rest is not there")
    func explained() throws {
        try withSite { site, _, _ in
            for project in ["acme-core", "acme-secret", "tooling", "numbers", "listed", "leftpad"] {
                let account = try account(project, site)
                #expect(account.answer == "page", "\(project)")
                #expect(
                    account.files.map(\.filename) == (try site.listing(project).files.map(\.filename)),
                    "\(project)"
                )
                #expect(account.files.allSatisfy { $0.source != nil })
                let command = try Run([
                    Places.binary, "explain", project, "--json", "--config", site.configuration,
                ])
                #expect(
                    command.output
                        == String(
                            decoding: try site.get("-/explain/\(project)?format=json").body,
                            as: UTF8.self
                        )
                )
            }
            let numbers = try account("numbers", site)
            #expect(numbers.files.map(\.source) == ["mirror", "mirror", "folder"])
            #expect(numbers.hidden.map(\.name) == ["numbers-0.8-py3-none-any.whl"])
            #expect(
                numbers.hidden.first?.reason
                    == "The filter: deny { projects = [\"numbers\"], versions = \"<0.9\" }."
            )
            let tooling = try account("tooling", site)
            #expect(tooling.files.map(\.source) == ["github"])
            #expect(tooling.hidden.map(\.name) == ["tooling-2.0-py3-none-any.whl"])
            let young = try #require(try account("leftpad", site).hidden.first)
            #expect(young.name == "leftpad-2.0-py3-none-any.whl" && young.source == "mirror")
            let secret = try account("acme-secret", site)
            #expect(
                secret.files.isEmpty && secret.asked.last?.says.contains("a source above answers") == true
            )
            #expect(try account("nobody", site).answer == "absent")
            let text = try site.get("-/explain/leftpad/2.0")
            #expect(text["Content-Type"] == "text/plain; charset=utf-8")
            #expect(
                String(decoding: text.body, as: UTF8.self).contains(
                    "leftpad-2.0-py3-none-any.whl  mirror  The minimum age: it was uploaded"
                )
            )
            #expect(try site.get("-/explain/leftpad?format=html")["Content-Security-Policy"] != nil)
            #expect(try site.get("-/explain/Left.Pad")["Location"] == "left-pad")
        }
    }

    @Test("Pulling the plug on one source changes what that source has, and nothing else")
    func unplugged() throws {
        try withSite { site, upstream, github in
            let projects = ["acme-core", "tooling", "numbers", "listed", "leftpad"]
            /// The statuses that are not 200.
            func troubles() throws -> [String: Int] {
                try projects.reduce(into: [:]) { troubles, project in
                    let status = try site.get("simple/\(project)/").status
                    if status != 200 { troubles[project] = status }
                }
            }
            #expect(try troubles().isEmpty)
            let (repository, wheels) = (site.monorepo.path, site.directory + "/wheels")
            try FileManager.default.moveItem(atPath: repository, toPath: repository + ".away")
            #expect(try troubles() == ["acme-core": 503])
            #expect(try account("acme-core", site).answer == "unavailable")
            try FileManager.default.moveItem(atPath: repository + ".away", toPath: repository)
            try FileManager.default.moveItem(atPath: wheels, toPath: wheels + ".away")
            let away = try troubles()
            #expect(away["acme-core"] == nil && away["tooling"] == nil && away["numbers"] == 503, "\(away)")
            try FileManager.default.moveItem(atPath: wheels + ".away", toPath: wheels)
            let tool = try #require(try site.listing("tooling").files.first).url.dropFirst("../../".count)
            #expect(try site.get(String(tool)).status == 302)
            github.stop()
            // What another server has is listed as it was last seen; where GitHub has a file just now, GitHub alone knows.
            #expect(try troubles().isEmpty)
            #expect(try site.get(String(tool)).status == 503)
            upstream.stop()
            #expect(try troubles().isEmpty)
            #expect(try site.get("simple/never-seen/").status == 503)
        }
    }

    @Test(
        "A page that was made while a file was too young has it when it is old enough, without asking anybody"
    )
    func comesOfAge() throws {
        try withSite { site, upstream, _ in
            #expect(try site.listing("ripening").files.map(\.filename) == ["ripening-1.0-py3-none-any.whl"])
            #expect(try site.listing("ripening").files.count == 1)
            let asked = upstream.requests.filter { $0 == "/simple/ripening/" }.count
            let isThere = try eventually(.seconds(20), every: 200) {
                try site.listing("ripening").files.count == 2
            }
            #expect(isThere)
            let askedSince = upstream.requests.filter { $0 == "/simple/ripening/" }.count
            #expect(askedSince == asked)
        }
    }

    @Test("A list of files is followed while it is served, and check and list tell of lines that are none")
    func listFollowed() throws {
        try withSite { site, _, _ in
            #expect(try site.listing("listed").files.count == 1)
            let path = URL(fileURLWithPath: site.directory + "/list.jsonl")
            let lines = "listed-1.0-py3-none-any.whl\nlisted-1.1-py3-none-any.whl\nno distribution\n"
            try Data(lines.utf8).write(to: path)
            let listing = try site.listing("listed")
            #expect(listing.files.count == 2)
            #expect(
                listing.files.allSatisfy {
                    $0.url.hasPrefix("http://127.0.0.1:") && $0.url.contains("/f/listed-1.")
                }
            )
            for words in [["list", "--skipped"], ["check"]] {
                let run = try Run([Places.binary] + words + ["--config", site.configuration])
                #expect(
                    run.output.contains("line 3") && run.output.contains("not that of a wheel"),
                    "\(run.output)"
                )
            }
            try Data().write(to: path)
            #expect(try site.listing("listed").files.isEmpty, "a name that was ours stays ours")
        }
    }
}
