import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Pages about builds through nginx", .serialized)
struct BuildPageTests {
    private static let page = "-/builds/acme-slow/1.0"

    /// A package whose build says something, waits for the gate, and says something more.
    private func withGate(_ settings: Settings = Settings(), _ body: (Site, Gate) throws -> Void) throws {
        let gate = try Gate()
        defer { gate.remove() }
        let script = "echo 'it <begins>'\n\(gate.script)\necho 'it ends'"
        try Site.with(settings, prepare: { try $0.release("acme-slow", "1.0", building: script) }) {
            try body($0, gate)
        }
    }

    @Test(
        "The log of a running build is shown as it is written, until the build ends",
        arguments: ["/", "/pypi"],
        [false, true]
    )
    func streams(basePath: String, builder: Bool) throws {
        try withGate(Settings(basePath: basePath, threads: 2, builder: builder)) { site, gate in
            let file = try site.send(try site.file("acme-slow", "1.0"))
            #expect(try eventually { try gate.runs == 1 })
            let text = try site.send(Self.page)
            let html = try site.send(Self.page, ["Accept": "text/html", "Accept-Encoding": "gzip"])
            let page = try site.send(Self.page, ["Accept": "text/html"])
            let begin = try text.part(until: "it <begins>")
            #expect(begin.contains("200 OK") && !begin.contains("it ends"))
            #expect(try page.part(until: "it &lt;begins&gt;").contains("default-src 'none'"))
            let state = try site.get(Self.page + "?format=json")
            #expect(state.text.contains("\"state\":\"running\""))
            #expect(state.text.contains("\"step\":\"running the build command\""))
            #expect(try site.get("-/builds/").text.hasPrefix("acme-slow\t1.0\trunning the build command, "))
            let command = try Run([Places.binary, "builds", "--config", site.configuration])
            #expect(command.output.hasPrefix("acme-slow\t1.0\trunning the build command, "))
            gate.open()
            #expect(try text.part(until: "\npublished\n").contains("it ends"))
            #expect(try page.part(until: "</html>").contains("it ends"))
            #expect(try html.answer()["Content-Encoding"] == "gzip")
            #expect(try file.answer().status == 200)
            let after = try site.get(Self.page)
            #expect(after.text.contains("state        published\n") && after.text.contains("it ends"))
        }
    }

    @Test(
        "Those who follow logs keep no thread, and those past the limit get what there is",
        arguments: [false, true]
    )
    func manyReaders(builder: Bool) throws {
        try withGate(Settings(threads: 2, builder: builder)) { site, gate in
            let file = try site.send(try site.file("acme-slow", "1.0"))
            #expect(try eventually { try gate.runs == 1 })
            let readers = try (0..<64).map { _ in try site.send(Self.page) }
            for reader in readers { _ = try reader.part(until: "it <begins>") }
            let further = try site.get(Self.page)
            #expect(further.text.contains("it <begins>") && further["Content-Length"] != nil)
            let started = ContinuousClock.now
            #expect(try site.get("simple/acme-slow/").status == 200)
            #expect(ContinuousClock.now - started < .seconds(1))
            gate.open()
            for reader in readers { _ = try reader.part(until: "\npublished\n") }
            #expect(try file.answer().status == 200)
        }
    }

    @Test(
        "A reader that leaves makes room for another, and stopping ends them all",
        arguments: [false, true]
    )
    func leaves(builder: Bool) throws {
        try withGate(Settings(builder: builder)) { site, gate in
            let file = try site.send(try site.file("acme-slow", "1.0"))
            #expect(try eventually { try gate.runs == 1 })
            var readers = try (0..<64).map { _ in try site.send(Self.page) }
            for reader in readers { _ = try reader.part(until: "it <begins>") }
            readers.removeFirst(32)
            let hasRoom = try eventually {
                let reader = try site.send(Self.page)
                return try !reader.part(until: "\r\n\r\n").contains("Content-Length")
            }
            #expect(hasRoom)
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            gate.open()
            _ = try? file.answer()
        }
    }

    @Test("A reader that takes nothing of a long log delays no other", arguments: [false, true])
    func slowReader(builder: Bool) throws {
        let gate = try Gate()
        defer { gate.remove() }
        let script = "seq -f 'line %.0f of a log' 300000\n\(gate.script)"
        try Site.with(
            Settings(builder: builder),
            prepare: { try $0.release("acme-slow", "1.0", building: script) }
        ) { site in
            let file = try site.send(try site.file("acme-slow", "1.0"))
            #expect(try eventually { try gate.runs == 1 })
            let stubborn = try (0..<4).map { _ in try site.send(Self.page) }
            let reader = try site.send(Self.page)
            #expect(try reader.part(until: "line 300000 of a log\n").contains("\nline 1 of a log\n"))
            gate.open()
            #expect(try reader.part(until: "\npublished\n").contains("\n"))
            #expect(try file.answer().status == 200)
            for request in stubborn { #expect(try request.answer().text.hasSuffix("\npublished\n")) }
        }
    }

    @Test("builds shows failures by class while nothing serves, as text and JSON", arguments: [false, true])
    func command(builder: Bool) throws {
        try Site.with(
            Settings(builder: builder),
            prepare: { try $0.release("acme-bad", "1.0", building: "echo alas; exit 3") }
        ) { site in
            #expect(try site.get(try site.file("acme-bad", "1.0")).status == 424)
            site.responder.signal(SIGTERM)
            _ = site.responder.wait(.seconds(10))
            let command = { (arguments: String...) in
                try Run([Places.binary, "builds"] + arguments + ["--config", site.configuration])
            }
            #expect(try command("--failed").output.hasPrefix("acme-bad\t1.0\tfailed (source)\t"))
            #expect(try command("acme-core").output.isEmpty)
            let one = try command("acme-bad", "1.0").output
            #expect(
                one.contains("reason       The build command exited with status 3.") && one.contains("alas")
            )
            #expect(try command("acme-bad", "1.0", "--json").output.contains("\"class\":\"source\""))
            #expect(try command("acme-bad", "7").termination == .exited(1))
        }
    }
}
