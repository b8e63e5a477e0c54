internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Verification of disk against ledger")
struct VerificationTests {
    private let shop: Workshop
    private let path: String

    /// One file is published.
    init() throws {
        shop = try Workshop()
        let key = try shop.key()
        #expect(try shop.build() == .published)
        path = shop.store.path(of: .source(key.filename), project: key.project, identity: key.identity)
    }

    private func findings(_ project: String? = nil) throws -> [Finding] {
        let ledger = try Ledger(directory: shop.state)
        return Verification(shop.configuration, ledger: ledger, project: project.flatMap { ProjectName($0) })
            .findings()
    }

    private func errors() throws -> [String] {
        try findings().filter { $0.level == .error }.map(\.text)
    }

    @Test("What was published and is there contradicts nothing, and is counted once")
    func right() throws {
        var counts: [Int] = []
        let verification = Verification(shop.configuration, ledger: shop.ledger)
        let findings = verification.findings { done, all in counts += [done, all] }
        #expect(findings.count == 1)
        #expect(findings[0].text.hasPrefix("Published files: 1; as the ledger says: 1; not on disk"))
        #expect(counts == [0, 1, 1, 1])
        #expect(try self.findings("acme-core") == findings)
        #expect(try self.findings("other").map(\.level) == [.ok])
    }

    @Test("A file that is absent is counted and contradicts nothing")
    func absent() throws {
        unlink(path)
        let findings = try findings()
        #expect(findings.map(\.level) == [.ok])
        #expect(findings[0].text.contains("asked for: 1; wrong: 0"))
        try Directory.remove(shop.store.root)
        #expect(try self.findings() == findings)
    }

    @Test(
        "Other bytes of the same size, other sizes and other metadata are contradictions that name the file"
    )
    func changed() throws {
        var bytes = try File.read(path)
        let metadata = try File.read(path + ".metadata")
        bytes[20] ^= 1
        try File.replace(path, with: bytes)
        #expect(try errors().count == 1)
        #expect(try errors()[0].hasPrefix("\(path) has sha256 "))
        try File.replace(path, with: bytes + [0])
        #expect(
            try errors()[0].hasPrefix("\(path) has \(bytes.count + 1) bytes, published were \(bytes.count)")
        )
        bytes[20] ^= 1
        try File.replace(path, with: bytes)
        #expect(try errors().isEmpty)
        try File.replace(path + ".metadata", with: metadata + [10])
        #expect(try errors()[0].hasPrefix("\(path).metadata has sha256 "))
        unlink(path + ".metadata")
        #expect(try errors()[0].hasPrefix("\(path).metadata is missing"))
    }

    @Test("A link or a directory in the place of a file is a contradiction")
    func noFile() throws {
        let bytes = try File.read(path)
        try File.replace("\(shop.root)/elsewhere", with: bytes)
        try File.link(path, to: "\(shop.root)/elsewhere")
        #expect(try errors() == ["\(path) is no plain file. Remove it: it is built again when asked for."])
        unlink(path)
        try Directory.create(path)
        #expect(try errors().count == 1)
    }

    @Test("A mode that differs is named with the command that sets it right")
    func mode() throws {
        let directory = Directory.parent(of: path)
        chmod(path, 0o600)
        chmod(directory, 0o700)
        #expect(
            try errors() == [
                "\(path) has mode 0600. Set it: chmod 0640 \(path)",
                "\(directory) has mode 0700. Set it: chmod 2750 \(directory)",
            ]
        )
    }

    @Test("A group that differs from the configured one is named", .enabled(if: geteuid() == 0))
    func group() throws {
        var configuration = shop.configuration
        configuration.fileGroup = "54321"
        let ledger = try Ledger(directory: shop.state)
        let errors = Verification(configuration, ledger: ledger).findings().filter { $0.level == .error }
        // The file, its metadata, and the three directories.
        #expect(errors.count == 5)
        #expect(errors[0].text.hasSuffix("Set it: chgrp 54321 \(path)"))
    }

    @Test("Files that no ledger line names are reported, and stay")
    func strangers() throws {
        let files = shop.store.filesDirectory
        let places = [
            path + ".old", "\(files)/acme-core/11111111111111111111/acme_core-1.0.tar.gz",
            "\(files)/other/x/y",
        ]
        for place in places {
            try Directory.create(Directory.parent(of: place), mode: 0o2750)
            try File.replace(place, with: [1])
        }
        let warnings = try findings().filter { $0.level == .warning }.map(\.text)
        #expect(Set(warnings.map { String($0.prefix { $0 != ":" }) }) == Set(places))
        #expect(try findings("other").count == 2)
        for place in places { #expect(File.exists(place)) }
    }

    @Test("Lines that a crash tore are reported, set aside or not")
    func torn() throws {
        let file = "\(shop.state)/ledger.jsonl"
        let whole = try File.read(file)
        try File.replace(file, with: whole + Array("{\"ev".utf8))
        #expect(try findings().last?.text.hasPrefix("\(file): its last line") == true)
        #expect(try File.read(file).count == whole.count + 4)
        try Ledger(directory: shop.state).recordOwnership(of: [try #require(ProjectName("x"))], by: "s")
        let findings = try findings()
        #expect(findings.map(\.level) == [.ok, .warning])
        #expect(findings[1].text.hasPrefix("\(shop.state)/ledger.torn-1: "))
    }
}
