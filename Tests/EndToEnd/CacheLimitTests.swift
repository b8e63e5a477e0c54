import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("A cache with a limit, served", .serialized)
struct CacheLimitTests {
    /// 700 KiB that do not compress, the same each time.
    private static func script(_ seed: String) -> String {
        "python3 -c \"import random; random.seed('\(seed)'); "
            + "open('content', 'wb').write(random.randbytes(700000))\""
    }

    @Test(
        "What comes back and was not used for longest goes; page and metadata stay, and the next request has it again"
    )
    func evicts() throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            for name in ["acme-one", "acme-two"] {
                try monorepo.release(name, "1.0", building: Self.script(name))
            }
        }
        try Site.with(Settings(cacheLimit: 1), prepare: prepare) { site in
            let (one, two) = (try site.file("acme-one", "1.0"), try site.file("acme-two", "1.0"))
            let bytes = try site.get(one).body
            #expect(try site.get(two).status == 200)
            #expect(
                try eventually(.seconds(60), every: 100) {
                    try site.ledger().filter { $0.event == "reproduced" }.count == 2
                },
                "both are built once more, since the limit is reached"
            )
            #expect(FileManager.default.fileExists(atPath: site.cache + one), "both were used just now")
            let page = try site.listing("acme-one")
            let hoursAgo = try Run(["touch", "-a", "-d", "2 hours ago", site.cache + one])
            try #require(hoursAgo.succeeded)
            let run = try Run([Places.binary, "build", "acme-two", "1.0", "--config", site.configuration])
            // By this command, or by the responder, which looks too.
            let logs = try run.output + text(of: site.log)
            #expect(run.succeeded && logs.contains("Removed acme_one-1.0.tar.gz"), "\(logs)")
            #expect(!FileManager.default.fileExists(atPath: site.cache + one))
            #expect(FileManager.default.fileExists(atPath: site.cache + two))
            #expect(try site.get(one + ".metadata").status == 200)
            #expect(try site.listing("acme-one").files.map(\.hashes) == page.files.map(\.hashes))
            let check = try Run([Places.binary, "check", "--config", site.configuration]).output
            #expect(check.contains("Built files take 68"), "\(check)")
            #expect(check.contains("of 1 MiB; those that may not go: 0"), "\(check)")
            #expect(try site.get(one).body == bytes)
        }
    }

    @Test(
        "What was fetched from another index goes before what was built, and comes again",
        arguments: [false, true]
    )
    func fetched(builder: Bool) throws {
        let directory = try Places.makeDirectory("peer")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var wheels: [String: [UInt8]] = [:]
        for (name, byte) in [("leftpad", "l"), ("widepad", "w")] {
            let wheel = ZipFixture.wheel(name, "1.0", content: String(repeating: byte, count: 600_000)).bytes
            wheels[name] = wheel
            try File.replace("\(directory)/\(name)-1.0-py3-none-any.whl", with: wheel, mode: 0o644)
        }
        let upstream = try PyPIServer(serving: directory, log: directory + ".log")
        defer {
            upstream.stop()
            unlink(directory + ".log")
        }
        var settings = Settings(upstream: upstream.url, builder: builder, cacheLimit: 1)
        settings.upstreamMode = "cache"
        try Site.with(settings, prepare: { try $0.release("acme-one", "1.0", building: Self.script("one")) })
        { site in
            let built = try site.file("acme-one", "1.0")
            #expect(try site.get(built).status == 200)
            var paths: [String: String] = [:]
            for name in wheels.keys {
                let file = try #require(try site.listing(name).files.first)
                let path = "/" + file.url.replacing("../../files/", with: "files/")
                #expect(try site.get(path).body == wheels[name])
                paths[name] = path
            }
            let place = site.cache + "/remote/upstream" + (try #require(paths["leftpad"]))
            let isKept = eventually(.seconds(60)) { FileManager.default.fileExists(atPath: place) }
            try #require(isKept)
            // The built one was used longer ago.
            for (path, hours) in [(place, 2), (site.cache + built, 3)] {
                try #require(try Run(["touch", "-a", "-d", "\(hours) hours ago", path]).succeeded)
            }
            let isGone = try eventually(.seconds(120), every: 100) {
                try text(of: site.log).contains("Removed leftpad-1.0-py3-none-any.whl")
            }
            #expect(isGone)
            #expect(!FileManager.default.fileExists(atPath: place))
            #expect(FileManager.default.fileExists(atPath: site.cache + built))
            #expect(try site.get(try #require(paths["leftpad"])).body == wheels["leftpad"])
            let check = try Run([Places.binary, "check", "--config", site.configuration]).output
            #expect(check.contains(", and fetched ones "), "\(check)")
        }
    }

    @Test("The builder sees to the limit: after a build, the responder has the file made again")
    func builderEvicts() throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            for name in ["acme-one", "acme-two", "acme-three"] {
                try monorepo.release(name, "1.0", building: Self.script(name))
            }
        }
        try Site.with(Settings(builder: true, cacheLimit: 1), prepare: prepare) { site in
            let (one, two) = (try site.file("acme-one", "1.0"), try site.file("acme-two", "1.0"))
            let bytes = try site.get(one).body
            #expect(try site.get(two).status == 200)
            #expect(
                try eventually(.seconds(60), every: 100) {
                    try site.ledger().filter { $0.event == "reproduced" }.count == 2
                }
            )
            let hoursAgo = try Run(["touch", "-a", "-d", "2 hours ago", site.cache + one])
            try #require(hoursAgo.succeeded)
            #expect(try site.get(try site.file("acme-three", "1.0")).status == 200)
            let log = site.directory + "/builder.log"
            #expect(
                try eventually(.seconds(30), every: 100) {
                    try text(of: log).contains("Removed acme_one-1.0.tar.gz")
                }
            )
            #expect(!FileManager.default.fileExists(atPath: site.cache + one))
            #expect(try site.get(one + ".metadata").status == 200)
            #expect(try site.get(one).body == bytes)
            #expect(FileManager.default.fileExists(atPath: site.cache + one))
        }
    }

    @Test("Downloads and removals at once: no request is answered wrong")
    func races() throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            for name in ["acme-one", "acme-two"] {
                try monorepo.release(name, "1.0", building: Self.script(name))
            }
        }
        try Site.with(Settings(cacheLimit: 1), prepare: prepare) { site in
            let path = try site.file("acme-one", "1.0")
            let bytes = try site.get(path).body
            #expect(try site.get(try site.file("acme-two", "1.0")).status == 200)
            let verify = try Run([Places.binary, "verify", "--rebuild", "--config", site.configuration])
            #expect(verify.succeeded, "\(verify.output)")
            var removals = 0
            var dice = Rounds.dice(for: "downloads during removals")
            for _ in 0..<Rounds.count(8, all: 60) {
                _ = try Run(["touch", "-a", "-d", "2 hours ago", site.cache + path])
                let build = Child.build("acme-two", of: site)
                // Somewhere around the moment at which the command looks for what may go.
                usleep(.random(in: 0...120_000, using: &dice))
                let requests = try (0..<8).map { _ in try site.send(path) }
                for request in requests {
                    let answer = try request.answer()
                    #expect(answer.status == 200 && answer.body == bytes, "\(answer.status)")
                }
                if try build.output().contains("Removed acme_one") { removals += 1 }
            }
            #expect(removals > 0)
            print("Downloads during removals: \(removals) removals.")
            try site.expectWhole("acme-one", "acme-two")
        }
    }
}

extension Child {
    /// A running `pyindex-fcgi build` of version 1.0.
    fileprivate static func build(_ project: String, of site: Site) -> Building {
        Building(site: site, project: project)
    }

    fileprivate struct Building {
        let log: String
        let child: Child?

        init(site: Site, project: String) {
            log = "\(site.directory)/build-\(UUID().uuidString).log"
            child = try? Child(
                [Places.binary, "build", project, "1.0", "--config", site.configuration],
                log: log
            )
        }

        func output() throws -> String {
            #expect(child?.wait(.seconds(30)) == .exited(0))
            return try text(of: log)
        }
    }
}
