import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Builds ahead of demand", .serialized)
struct PrebuildTests {
    private func isBuilt(_ site: Site, _ project: String, _ version: String) throws -> Bool {
        try site.listing(project).files.contains { $0.filename.contains("-\(version).") && $0.size != nil }
    }

    @Test(
        "The newest of each project is built at the start, and a new tag when it is made, by nobody's request",
        arguments: [false, true]
    )
    func discovered(builder: Bool) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0", building: "true")
            try monorepo.release("acme-core", "1.1", building: "ps -o ni= -p $$ | tr -d ' '")
            try monorepo.release("acme-other", "3.0", building: "true")
        }
        try Site.with(Settings(prebuild: "newest", builder: builder), prepare: prepare) { site in
            #expect(eventually { (try? isBuilt(site, "acme-core", "1.1")) == true })
            #expect(eventually { (try? isBuilt(site, "acme-other", "3.0")) == true })
            try site.monorepo.release("acme-core", "1.2", building: "true")
            let log = { try text(of: site.log) }
            #expect(try eventually { try log().contains("Built acme-core 1.2 ahead of demand.") })
            #expect(try !isBuilt(site, "acme-core", "1.0"))
            let page = try site.get("-/builds/acme-core/1.1").text
            #expect(page.contains("published, ahead of demand\n"))
            #expect(
                page.hasSuffix("\n15\npyindex-fcgi: published acme_core-1.1.tar.gz\n"),
                "at a low priority"
            )
            let list = try Run([Places.binary, "builds", "--config", site.configuration]).output
            #expect(list.hasPrefix("acme-core\t1.2\tpublished\t") && list.contains("\tahead of demand\n"))
            let check = try Run([Places.binary, "check", "--config", site.configuration]).output
            #expect(check.contains("the newest version of each project is built ahead of demand."))
        }
    }

    @Test(
        "A request overtakes what is built ahead: by another slot, or as the next one in the only slot",
        arguments: [false, true]
    )
    func overtaken(builder: Bool) throws {
        for slots in [1, 2] {
            let gate = try Gate()
            defer { gate.remove() }
            let prepare: (Monorepo) throws -> Void = { monorepo in
                try monorepo.release("acme-a", "1.0", building: gate.script)
                try monorepo.release("acme-b", "1.0", building: "true")
                try monorepo.release("acme-c", "1.0", building: "true")
            }
            try Site.with(Settings(slots: slots, prebuild: "newest", builder: builder), prepare: prepare) {
                site in
                #expect(try eventually { try gate.runs == 1 })
                let request = try site.send(try site.file("acme-c", "1.0"))
                if slots == 1 {
                    #expect(
                        try eventually {
                            try site.get("-/builds/acme-c/1.0?format=json").text.contains("queued")
                        }
                    )
                    gate.open()
                }
                #expect(try request.answer().status == 200)
                gate.open()
                #expect(
                    try eventually { try text(of: site.log).contains("Built acme-b 1.0 ahead of demand.") }
                )
                let built = try text(of: site.log).split(separator: "\n").filter { $0.contains("Built") }
                let names = built.map { $0.split(separator: " ").first { $0.hasPrefix("acme-") } ?? "" }
                #expect(
                    names == (slots == 1 ? ["acme-a", "acme-c", "acme-b"] : ["acme-c", "acme-a", "acme-b"])
                )
                #expect(built.first { $0.contains("acme-c") }?.contains("ahead") == false)
            }
        }
    }

    @Test("A request for what is just built ahead joins that build", arguments: [false, true])
    func joined(builder: Bool) throws {
        let gate = try Gate()
        defer { gate.remove() }
        let prepare: (Monorepo) throws -> Void = { try $0.release("acme-a", "1.0", building: gate.script) }
        try Site.with(Settings(prebuild: "all", builder: builder), prepare: prepare) { site in
            #expect(try eventually { try gate.runs == 1 })
            let request = try site.send(try site.file("acme-a", "1.0"))
            gate.open()
            #expect(try request.answer().status == 200)
            #expect(try gate.runs == 1)
        }
    }

    @Test(
        "A newest version that fails is tried once, until its tag moves; the responder's end ends what runs",
        arguments: [false, true]
    )
    func failing(builder: Bool) throws {
        let gate = try Gate()
        defer { gate.remove() }
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-bad", "1.0", building: "echo x >> \(gate.directory)/runs; exit 3")
        }
        try Site.with(Settings(prebuild: "newest", builder: builder), prepare: prepare) { site in
            #expect(try eventually { try text(of: site.log).contains("failed (source)") })
            usleep(1_500_000)
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            try site.restart()
            usleep(1_500_000)
            #expect(try gate.runs == 1)
            #expect(try site.get(try site.file("acme-bad", "1.0")).status == 424)
            try site.monorepo.release("acme-bad", "1.0", building: gate.script)
            #expect(try eventually { try gate.runs == 2 })
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            #expect(try eventually { try site.leftovers().isEmpty })
        }
    }

    @Test(
        "list = \"built\" shows what is built, and the URL of another release builds it",
        arguments: [false, true]
    )
    func built(builder: Bool) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0")
            try monorepo.release("acme-core", "1.1")
        }
        try Site.with(Settings(prebuild: "newest", list: "built", builder: builder), prepare: prepare) {
            site in
            #expect(try eventually { try site.listing("acme-core").versions == ["1.1"] })
            #expect(try site.get("simple/acme-core/", ["Accept": Listing.type]).text.contains("\"1.4\""))
            let location = try #require(try site.get("packages/acme_core-1.0.tar.gz")["Location"])
            #expect(try site.get(String(location.dropFirst(3))).status == 200)
            #expect(try site.listing("acme-core").versions == ["1.0", "1.1"])
        }
    }
}
