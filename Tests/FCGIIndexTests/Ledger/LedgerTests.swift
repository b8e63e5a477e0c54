import FCGIIndex
import Glibc
import POSIX
import PythonPackaging
import Testing

@Suite("Ledger")
struct LedgerTests {
    private let folder: LedgerFolder
    private let acme: ProjectName

    init() throws {
        folder = try LedgerFolder()
        acme = try LedgerFolder.name("acme-core")
    }

    @Test("A ledger without a file is empty, and reading makes none")
    func empty() throws {
        let ledger = try Ledger(directory: folder.path)
        #expect(try ledger.refresh().isEmpty)
        #expect(ledger.entries(of: acme).isEmpty)
        #expect(!ledger.owns(acme))
        #expect(try Directory.entries(folder.path).isEmpty)
    }

    @Test("A state directory that is missing is named")
    func noDirectory() throws {
        let error = #expect(throws: LedgerError.noDirectory("\(folder.path)/x")) {
            try Ledger(directory: "\(folder.path)/x")
        }
        #expect(error?.description.contains("\(folder.path)/x") == true)
    }

    @Test("What was published is found by identity and by project, also after a restart")
    func published() throws {
        let ledger = try Ledger(directory: folder.path)
        let entries = [
            try LedgerFolder.entry(), try LedgerFolder.entry("acme-core", "1.1"),
            try LedgerFolder.entry("other"),
        ]
        for entry in entries { try ledger.append(entry) }
        for ledger in [ledger, try Ledger(directory: folder.path)] {
            for entry in entries { #expect(ledger.entry(for: entry.identity) == entry) }
            #expect(ledger.entries(of: acme) == [entries[0], entries[1]])
            #expect(ledger.owns(acme))
        }
        #expect(try FileStatus(path: folder.file).mode & 0o7777 == 0o640)
    }

    @Test("A line is an object with sorted keys, which stays readable for ever")
    func format() throws {
        let entry = try LedgerFolder.entry()
        try Ledger(directory: folder.path).append(entry)
        let (one, two) = (String(repeating: "1", count: 40), String(repeating: "2", count: 40))
        let (a, b) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        let key =
            #"{"commit":"\#(two)","commitTime":1700000000,"directory":"acme-core","project":"acme-core","#
            + #""recipe":"\#(String(repeating: "3", count: 64))","source":"monorepo","tag":"acme-core/v1.0","#
            + #""tagObject":"\#(one)","version":"1.0"}"#
        #expect(
            try folder.lines == [
                #"{"compressor":"zlib 1.2.13","event":"published","file":"acme_core-1.0.tar.gz","#
                    + #""firstSeen":1700000100,"format":1,"identity":"\#(entry.identity)","key":\#(key),"#
                    + #""repository":"/srv/git/monorepo.git","sha256":"\#(a)","size":4096,"#
                    + #""tarSHA256":"\#(b)"}"#
            ]
        )
    }

    @Test("Refreshing names the projects with new lines, once")
    func refresh() throws {
        let (writer, reader) = (try Ledger(directory: folder.path), try Ledger(directory: folder.path))
        let entry = try LedgerFolder.entry()
        try writer.append(entry)
        #expect(reader.entry(for: entry.identity) == nil)
        #expect(try reader.refresh() == [acme])
        #expect(reader.entry(for: entry.identity) == entry)
        #expect(try reader.refresh().isEmpty)
        #expect(try writer.refresh() == [acme])
        #expect(try Ledger(directory: folder.path).refresh().isEmpty)
    }

    @Test("The same file twice is one line; other bytes are a contradiction and no line")
    func contradiction() throws {
        let (first, second) = (try Ledger(directory: folder.path), try Ledger(directory: folder.path))
        let entry = try LedgerFolder.entry()
        let other = try LedgerFolder.entry(sha256: String(repeating: "c", count: 64))
        try #require(entry.identity == other.identity)
        try first.append(entry)
        try second.append(entry)
        let expected = LedgerError.contradiction(
            identity: entry.identity,
            recorded: entry.sha256,
            new: other.sha256
        )
        #expect(throws: expected) { try second.append(other) }
        #expect(try folder.lines.count == 1)
        #expect(second.entry(for: entry.identity) == entry)
    }

    @Test("Ownership is recorded once per name and lasts until it is given up")
    func ownership() throws {
        let ledger = try Ledger(directory: folder.path)
        let names: Set = [acme, try LedgerFolder.name("zeta")]
        try ledger.recordOwnership(of: names, by: "monorepo")
        try ledger.recordOwnership(of: names, by: "monorepo")
        let lines = try folder.lines
        #expect(lines.count == 2)
        #expect(lines.first?.contains(#""event":"owned","firstSeen":"#) == true)
        #expect(lines.first?.hasSuffix(#""project":"acme-core","source":"monorepo"}"#) == true)
        #expect(try Ledger(directory: folder.path).owned == names)

        let entry = try LedgerFolder.entry()
        try ledger.append(entry)
        try ledger.disown(acme)
        try ledger.disown(acme)
        for ledger in [ledger, try Ledger(directory: folder.path)] {
            #expect(!ledger.owns(acme))
            #expect(ledger.entry(for: entry.identity) == entry)
        }
        #expect(try folder.lines.count == 4)
        try ledger.recordOwnership(of: [acme], by: "monorepo")
        #expect(ledger.owns(acme))
    }

    @Test("Events of a newer version are kept and mean nothing")
    func unknownEvents() throws {
        let ledger = try Ledger(directory: folder.path)
        try ledger.append(LedgerFolder.entry())
        try folder.write(#"{"event":"quarantined","project":{"a":[1]}}"# + "\n")
        try ledger.append(LedgerFolder.entry("other"))
        #expect(try ledger.refresh().count == 2)
        #expect(try folder.lines.count == 3)
        #expect(try folder.lines[1] == #"{"event":"quarantined","project":{"a":[1]}}"#)
    }

    @Test("More lines than are read at once are all read")
    func long() throws {
        let entry = try LedgerFolder.entry()
        try Ledger(directory: folder.path).append(entry)
        let line = try folder.lines[0]
        let more = (1...2000).map { number in
            let digits = String(number, radix: 16)
            let identity = String(repeating: "0", count: 20 - digits.utf8.count) + digits
            return line.replacing(entry.identity.description, with: identity)
                .replacing(#""1.0""#, with: #""1.\#(number)""#)
                .replacing("-1.0.tar.gz", with: "-1.\(number).tar.gz") + "\n"
        }
        try folder.write(more.joined())
        #expect(try FileStatus(path: folder.file).size > 1 << 20)
        let ledger = try Ledger(directory: folder.path)
        #expect(ledger.entries(of: acme).count == 2001)
        #expect(ledger.entries(of: acme).last?.key.version.description == "1.2000")
        #expect(try ledger.refresh().isEmpty)
    }
}
