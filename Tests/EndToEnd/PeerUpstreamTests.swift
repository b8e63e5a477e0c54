import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// devpi, simple-repository-server and the pages of dumb-pypi, with the corpus, as the index below ours.
@Suite("Other servers through this one", .serialized)
struct PeerUpstreamTests {
    private static let modes = ["redirect", "proxy", "cache"]
    private static let clients = ["pip", "uv", "poetry"]

    /// What is owned here; the corpus has acme-many up to 1.39.
    private static let owned = ["acme-top", "acme-many"]
    private static let needed = ["acme-app", "acme-mixed-name", "acme-pre", "acme-wheel"]
    private static let installed = """
        acme-app==2.0.0 acme-core==2.0.0 acme-many==1.0 acme-mixed-name==1.0 acme-pre==1.0 acme-top==1.0 \
        acme-wheel==1.1
        """

    private func withPeer(_ kind: PeerServer.Kind, _ body: (PeerServer) throws -> Void) throws {
        let directory = try Places.makeDirectory("peer")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let peer = try PeerServer(kind, log: directory + "/peer.log")
        defer { peer.stop() }
        try body(peer)
    }

    private func settings(_ url: String, mode: String) -> Settings {
        var settings = Settings(packages: Self.owned, upstream: url)
        settings.upstreamMode = mode
        return settings
    }

    private func prepare(_ monorepo: Monorepo) throws {
        try monorepo.release("acme-many", "1.0")
        try monorepo.release("acme-top", "1.0", needs: Self.needed + ["acme-many"])
    }

    private func install(by client: String, from site: Site) throws {
        let (run, environment) = try Clients.install("acme-top", by: client, from: site)
        #expect(run.succeeded, "\(client): \(run.output)")
        #expect(try Clients.installed(in: environment) == Self.installed, "\(client)")
    }

    /// uv with every mode, and with each mode one of the others: every server meets every client, and every mode.
    private func clients(of kind: PeerServer.Kind, in mode: Int) -> [String] {
        if Rounds.areAll { return Self.clients }
        let turn = PeerServer.Kind.allCases.firstIndex(of: kind) ?? 0
        return Array(Set(["uv", Self.clients[(turn + mode) % Self.clients.count]])).sorted()
    }

    @Test(
        "pip, uv and poetry install what is here and what it needs from there, in every mode",
        arguments: PeerServer.Kind.allCases
    )
    func install(kind: PeerServer.Kind) throws {
        try withPeer(kind) { peer in
            for (number, mode) in Self.modes.enumerated() {
                try Site.with(settings(peer.url, mode: mode), prepare: prepare) { site in
                    for client in clients(of: kind, in: number) { try install(by: client, from: site) }
                    // simple-repository-server names no digests, so nothing of it is kept.
                    if mode != "cache" || kind == .simpleRepository { return }
                    peer.stop()
                    try install(by: "uv", from: site)
                }
            }
        }
    }

    /// dumb-pypi's pages through the cache, and below them in the order of the group a pypiserver with one more version
    /// and another file of a name that both have, handed through.
    private func withGroup(_ body: (Site, _ stop: () -> Void) throws -> Void) throws {
        try withPeer(.dumbPyPI) { peer in
            let directory = try Places.makeDirectory("fresh")
            defer { try? FileManager.default.removeItem(atPath: directory) }
            for version in ["1.1", "2.0"] {
                let wheel = ZipFixture.wheel("acme-wheel", version, metadata: "Requires-Dist: acme-core\n")
                let path = "\(directory)/acme_wheel-\(version)-py3-none-any.whl"
                try File.replace(path, with: wheel.bytes, mode: 0o644)
            }
            let fresh = try PyPIServer(serving: directory, log: directory + ".log")
            defer {
                fresh.stop()
                unlink(directory + ".log")
            }
            var settings = Settings(packages: Self.owned)
            settings.tables = """

                [[source]]
                name = "fresh"
                type = "simple"
                mode = "proxy"
                url = "\(fresh.url)"

                [[source]]
                name = "corpus"
                type = "simple"
                mode = "cache"
                url = "\(peer.url)"

                [[group]]
                name = "public"
                members = ["fresh", "corpus"]
                merge = true

                """
            try Site.with(settings, prepare: prepare) { site in
                try body(site) {
                    peer.stop()
                    fresh.stop()
                }
            }
            #expect(!fresh.requests.contains("acme-many"), "an owned name reached another index")
        }
    }

    @Test("Merged with another index, each file comes the way of its own")
    func merged() throws {
        try withGroup { site, stop in
            for client in ["pip", "uv"] {
                let (run, environment) = try Clients.install("acme-top", by: client, from: site)
                #expect(run.succeeded, "\(run.output)")
                let installed = try Clients.installed(in: environment)
                #expect(installed == Self.installed.replacing("acme-wheel==1.1", with: "acme-wheel==2.0"))
            }
            let files = try site.listing("acme-wheel").files.sorted { $0.filename < $1.filename }
            let wheels = ["1.0", "1.1", "2.0"].map { "acme_wheel-\($0)-py3-none-any.whl" }
            #expect(
                files.map(\.filename) == [
                    wheels[0], "acme_wheel-1.0.tar.gz", wheels[1], "acme_wheel-1.1.tar.gz", wheels[2],
                ]
            )
            // Of two files of one name the first member's counts.
            let paths = files.map { "files/" + $0.url.replacing("../../files/", with: "") }
            #expect(try site.get(paths[2] + ".metadata").text.contains("Requires-Dist: acme-core"))
            #expect(try site.get(paths[2]).status == 200)
            #expect(try site.get(paths[0]).status == 200)
            let explained = try site.get("-/explain/acme-wheel?format=text").text
            #expect(explained.contains("which stands before it, has a file of this name"), "\(explained)")
            let isKept = try eventually(.seconds(60)) { try site.get(paths[0])["Last-Modified"] != nil }
            #expect(isKept)
            stop()
            #expect(try site.listing("acme-wheel").files.count == 5)
            #expect(try site.get(paths[0]).status == 200, "this one is kept")
            #expect(try site.get(paths[2]).status == 503, "this one is handed through")
            #expect(try site.get("simple/acme-local/").status == 503, "nobody asked for this page before")
        }
    }
}
