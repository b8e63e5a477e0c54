import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("The responder as a service", .serialized)
struct ServiceTests {
    private static func release(_ monorepo: Monorepo) throws { try monorepo.release("acme-core", "1.0") }

    @Test(
        "SIGTERM and SIGINT end an idle responder with status 0 within two seconds",
        arguments: [SIGTERM, SIGINT]
    )
    func idle(signal: Int32) throws {
        try Site.with(Settings(threads: 32), prepare: Self.release) { site in
            let started = ContinuousClock.now
            site.responder.signal(signal)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            #expect(ContinuousClock.now - started < .seconds(2))
            #expect(!FileManager.default.fileExists(atPath: site.socket))
            let answer = try site.get("simple/")
            #expect(answer.status == 503, "not 502: clients repeat what is unavailable")
            #expect(answer["Retry-After"] == "5")
        }
    }

    @Test("SIGTERM while a build runs answers who waits, and the next responder has the file")
    func whileBuilding() throws {
        let gate = try Gate()
        defer { gate.remove() }
        try Site.with(prepare: { try $0.release("acme-slow", "1.0", building: gate.script) }) { site in
            let path = try site.file("acme-slow", "1.0")
            let request = try site.send(path)
            #expect(try eventually { try gate.runs == 1 })
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            #expect([307, 503].contains(try request.answer().status))
            gate.open()
            try site.restart()
            #expect(try site.get(path).status == 200)
            #expect(try eventually { try site.leftovers().isEmpty })
        }
    }

    @Test(
        "A killed responder leaves nothing in the way of the next one",
        arguments: ["idle", "building", "published"]
    )
    func killed(phase: String) throws {
        let gate = try Gate()
        defer { gate.remove() }
        try Site.with(prepare: { try $0.release("acme-slow", "1.0", building: gate.script) }) { site in
            let path = try site.file("acme-slow", "1.0")
            var request: Exchange?
            if phase != "idle" {
                request = try site.send(path)
                #expect(try eventually { try gate.runs == 1 })
            }
            if phase == "published" {
                gate.open()
                #expect(try request?.answer().status == 200)
            }
            site.responder.signal(SIGKILL)
            #expect(site.responder.wait(.seconds(5)) == .signalled(SIGKILL))
            #expect(FileManager.default.fileExists(atPath: site.socket), "a stale socket")
            try site.restart()
            gate.open()
            #expect(try site.get(path).status == 200)
            #expect(try eventually { try site.leftovers().isEmpty })
            if phase == "published" { #expect(try gate.runs == 1, "the cache survives") }
        }
    }

    @Test("A second responder on a live socket is refused, and the first goes on")
    func liveSocket() throws {
        try Site.with(prepare: Self.release) { site in
            let second = try Run(
                [Places.binary, "serve", "--config", site.configuration],
                limit: .seconds(10)
            )
            #expect(second.termination == .exited(1))
            #expect(second.output.contains(site.socket), "\(second.output)")
            #expect(try site.get("simple/").status == 200)
        }
    }

    @Test("SIGHUP takes over a good configuration, and reports a wrong one and keeps the old")
    func reload() throws {
        try Site.with(prepare: Self.release) { site in
            try site.monorepo.git("tag", "core-5.0")
            let good = try text(of: site.configuration)
            func write(_ text: String) throws {
                try Data(text.utf8).write(to: URL(fileURLWithPath: site.configuration))
                site.responder.signal(SIGHUP)
            }
            try write(good.replacingOccurrences(of: "build-timeout", with: "build-timeoutt"))
            #expect(try eventually { try text(of: site.log).contains("build-timeoutt") })
            #expect(try site.listing("acme-core").versions == ["1.0"])
            let rule =
                "tags = [\"{package}/v{version}\", { pattern = \"core-{version}\", package = \"acme-core\" }]"
            try write(good.replacingOccurrences(of: "tags = [\"{package}/v{version}\"]", with: rule))
            #expect(try eventually { try site.listing("acme-core").versions.count == 2 })
        }
    }

    @Test(
        "It serves on loopback TCP, and on a listening descriptor 0",
        arguments: [Settings.Listening.tcp, .inherited]
    )
    func listening(_ listen: Settings.Listening) throws {
        try Site.with(Settings(listen: listen), prepare: Self.release) { site in
            #expect(try site.get("simple/acme-core/").status == 200)
            #expect(try site.get(try site.file("acme-core", "1.0")).status == 200)
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            try site.restart()
            #expect(try site.get("simple/acme-core/").status == 200)
        }
    }

    @Test("It serves on descriptor 3 when systemd says so")
    func systemd() throws {
        try Site.with(Settings(listen: .inherited), prepare: Self.release) { site in
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            let script = "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" serve --config \"$1\""
            try site.restart(["/bin/sh", "-c", script, Places.binary, site.configuration])
            #expect(try site.get("simple/acme-core/").status == 200)
        }
    }

    @Test("--clear-cache removes files, and they come back with the same bytes")
    func clearCache() throws {
        try Site.with(prepare: Self.release) { site in
            let path = try site.file("acme-core", "1.0")
            let bytes = try site.get(path).body
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            try site.restart([Places.binary, "serve", "--clear-cache", "--config", site.configuration])
            #expect(!FileManager.default.fileExists(atPath: site.cache + path))
            #expect(try site.get(path).body == bytes)
        }
    }

    @Test("check finds a site in order, as the web server's user would meet it")
    func check() throws {
        try Site.with(prepare: Self.release) { site in
            let options = Places.isRoot ? ["--web-server-user", "www-data"] : []
            let run = try Run([Places.binary, "check", "--config", site.configuration] + options)
            #expect(run.succeeded, "\(run.output)")
        }
    }

    @Test("Nothing but the responder's word opens the internal locations, also while it is away")
    func internalLocations() throws {
        try Site.with(
            Settings(hasFolder: true),
            prepare: { monorepo in
                try Self.release(monorepo)
                let wheels = URL(fileURLWithPath: monorepo.path).deletingLastPathComponent().path + "/wheels"
                try FileManager.default.createDirectory(atPath: wheels, withIntermediateDirectories: true)
                try Data("secret".utf8).write(to: URL(fileURLWithPath: wheels + "/notes.txt"))
            }
        ) { site in
            let paths = [
                "-/accel/sources/folder/notes.txt", "-/accel/sources/folder/notes.txt%3F%0Axx",
                "-/accel/sources/folder/notes.txt%3Fx", "-/accel/files/x%3F%0Ay", "-/accel/pages/00%3F%0Ay",
            ]
            for isAway in [false, true] {
                if isAway {
                    site.responder.signal(SIGKILL)
                    #expect(site.responder.wait(.seconds(5)) != nil)
                }
                for path in paths {
                    let answer = try site.get(path)
                    #expect([404, 503].contains(answer.status), "\(path): \(answer.status)")
                    #expect(!answer.text.contains("secret"), "\(path)")
                }
            }
        }
    }
}
