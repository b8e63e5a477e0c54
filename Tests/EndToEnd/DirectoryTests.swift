import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("A folder of distributions", .serialized)
struct DirectoryTests {
    private static let settings = Settings(packages: ["mono-*"], hasFolder: true)

    private static func put(_ fixture: ZipFixture, at path: String, in site: String) throws {
        let path = "\(site)/wheels/\(path)"
        try FileManager.default.createDirectory(
            atPath: Directory.parent(of: path),
            withIntermediateDirectories: true
        )
        try Data(fixture.bytes).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o644)
    }

    private func withSite(_ settings: Settings = Self.settings, _ body: (Site) throws -> Void) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            let site = Directory.parent(of: monorepo.path)
            try Self.put(.wheel("acme-core", "1.0"), at: "acme_core-1.0-py3-none-any.whl", in: site)
            try Self.put(
                .wheel("acme-app", "1.0", metadata: "Requires-Dist: acme-core>=1.0\n"),
                at: "acme-app/acme_app-1.0-py3-none-any.whl",
                in: site
            )
        }
        try Site.with(settings, prepare: prepare) { site in
            if settings.builder { try Self.waitForFiles(site) }
            try body(site)
        }
    }

    /// A user that does not own a new file cannot ask the kernel whether it is whole, and lists it a moment later.
    private static func waitForFiles(_ site: Site) throws {
        for project in ["acme-core", "acme-app"] {
            #expect(try eventually { try site.listing(project).files.count == 1 })
        }
    }

    /// The path of the listed file `name`.
    private func path(_ name: String, of project: String, _ site: Site) throws -> String {
        let file = try #require(try site.listing(project).files.first { $0.filename == name })
        let page = try #require(URL(string: "\(site.index)\(project)/"))
        return try #require(URL(string: file.url, relativeTo: page)).absoluteURL.path
    }

    private func metadataFiles(_ site: Site) throws -> [String] {
        try Run(["find", site.cache + "/files", "-name", "*.metadata"]).output.split(separator: "\n")
            .map(String.init)
    }

    @Test(
        "pip installs from it, by the metadata beside the files",
        arguments: ["/", "/pypi"],
        [false, true]
    )
    func install(basePath: String, builder: Bool) throws {
        var settings = Self.settings
        settings.builder = builder
        settings.basePath = basePath
        try withSite(settings) { site in
            #expect(try metadataFiles(site).isEmpty)
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run = try Clients.pip("install", "acme-app", index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            #expect(run.output.contains("acme-core-1.0"))
            #expect(run.output.contains("acme_app-1.0-py3-none-any.whl.metadata"))
            // The store is the builder's, and metadata is then read out of the file each time.
            #expect(try metadataFiles(site).count == (builder ? 0 : 2))
        }
    }

    @Test("uv installs from it", .enabled(if: Clients.uv != nil))
    func uv() throws {
        try withSite { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run = try Clients.uv("install", "acme-app", index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
        }
    }

    @Test("A file is the bytes that are listed, wherever in the folder it lies")
    func bytes() throws {
        try withSite { site in
            let name = "acme_core-1.1+local.1-py3-none-any.whl"
            let fixture = ZipFixture.wheel("acme-core", "1.1+local.1")
            try Self.put(fixture, at: "with a space/100%/é?#/\(name)", in: site.directory)
            let path = try path(name, of: "acme-core", site)
            for sent in [path, path.replacingOccurrences(of: "+", with: "%2B")] {
                let answer = try site.get(sent)
                #expect(answer.status == 200)
                #expect(answer.body == fixture.bytes)
                #expect(answer["Content-Type"] == "application/zip")
                #expect(answer["X-Content-Type-Options"] == "nosniff")
            }
            let metadata = try site.get(path + ".metadata")
            #expect(metadata.status == 200)
            #expect(metadata.body == fixture.members[1].body)
            #expect(metadata["Content-Type"]?.hasPrefix("text/plain") == true)
            #expect(try site.get("-/accel/sources/folder/acme_core-1.0-py3-none-any.whl").status == 404)
        }
    }

    @Test("New and replaced files are seen by the next request, and old bytes never under a new URL")
    func freshness() throws {
        try withSite { site in
            let name = "acme_core-1.0-py3-none-any.whl"
            let old = try path(name, of: "acme-core", site)
            let bytes = try site.get(old).body
            let next = ZipFixture.wheel("acme-core", "1.0", content: "x = 1\n")
            try Self.put(next, at: name, in: site.directory)
            let new = try path(name, of: "acme-core", site)
            #expect(old != new)
            #expect(try site.get(new).body == next.bytes)
            #expect(try site.get(old).status == 404)
            #expect(bytes != next.bytes)
            try Self.put(.wheel("acme-core", "1.2"), at: "acme_core-1.2-py3-none-any.whl", in: site.directory)
            #expect(try site.listing("acme-core").versions == ["1.0", "1.2"])
            try FileManager.default.removeItem(atPath: "\(site.directory)/wheels/\(name)")
            #expect(try site.listing("acme-core").versions == ["1.2"])
        }
    }

    @Test("A folder that is away is unavailable, and there again when it is back; it survives a restart")
    func away() throws {
        try withSite { site in
            let folder = site.directory + "/wheels"
            try FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
            let answer = try site.get("simple/acme-core/")
            #expect(answer.status == 503)
            #expect(answer["Retry-After"] != nil)
            try FileManager.default.moveItem(atPath: folder + ".away", toPath: folder)
            #expect(try site.listing("acme-core").files.count == 1)
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            try FileManager.default.removeItem(atPath: site.directory + "/state/catalog.sqlite")
            try site.restart()
            #expect(try site.listing("acme-core").files.count == 1)
        }
    }

    private static func hasReloaded(_ log: String) throws -> Bool {
        try EndToEnd.text(of: log).contains("Reloaded")
    }

    @Test("A source that leaves the configuration takes its link with it", arguments: [false, true])
    func reload(builder: Bool) throws {
        var settings = Self.settings
        settings.builder = builder
        try withSite(settings) { site in
            let links = site.cache + "/sources"
            #expect(try FileManager.default.contentsOfDirectory(atPath: links) == ["folder"])
            let text = try text(of: site.configuration).replacingOccurrences(
                of: "name = \"folder\"",
                with: "name = \"other\""
            )
            try Data(text.utf8).write(to: URL(fileURLWithPath: site.configuration))
            site.builder?.signal(SIGHUP)
            site.responder.signal(SIGHUP)
            #expect(try eventually { try Self.hasReloaded(site.log) })
            if builder { try Self.waitForFiles(site) }
            #expect(
                try eventually { try FileManager.default.contentsOfDirectory(atPath: links) == ["other"] }
            )
            #expect(
                try site.get(try path("acme_core-1.0-py3-none-any.whl", of: "acme-core", site)).status == 200
            )
        }
    }
}
