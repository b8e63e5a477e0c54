import FCGIIndex
import POSIX
import PythonPackaging
import Testing

@Suite("Export of the ledger")
struct LedgerExportTests {
    private let folder: LedgerFolder

    init() throws { folder = try LedgerFolder() }

    private func exported(_ project: String? = nil) throws -> String {
        var bytes: [UInt8] = []
        let name = try project.map { try LedgerFolder.name($0) }
        try LedgerExport(directory: folder.path, project: name).lines { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("Without a ledger there is nothing")
    func empty() throws {
        #expect(try exported().isEmpty)
        #expect(try Directory.entries(folder.path).isEmpty)
    }

    @Test("All events come out as they stand, those of newer versions too, and a torn line does not")
    func all() throws {
        let ledger = try Ledger(directory: folder.path)
        try ledger.append(LedgerFolder.entry())
        try ledger.recordOwnership(of: [LedgerFolder.name("other")], by: "monorepo")
        try folder.write("{\"event\":\"invented\", \"project\": \"other\", \"x\":[1,\t2]}\n")
        let whole = try File.read(folder.file)
        try folder.write("{\"event\":\"pub")
        #expect(try exported() == String(decoding: whole, as: UTF8.self))
        let lines = try folder.lines
        #expect(try exported("acme-core") == lines[0] + "\n")
        #expect(try exported("Other") == lines[1] + "\n" + lines[2] + "\n")
        #expect(try exported("absent").isEmpty)
    }

    @Test("A ledger of several megabytes comes out whole")
    func large() throws {
        let line = try {
            try Ledger(directory: folder.path).append(LedgerFolder.entry())
            return try folder.lines[0]
        }()
        let text = String(repeating: line + "\n", count: 6000)
        try File.replace(folder.file, with: Array(text.utf8))
        #expect(try exported() == text)
        #expect(try exported("acme-core") == text)
    }

    @Test("A line that is no event ends it, with its number, after all before it")
    func unreadable() throws {
        try Ledger(directory: folder.path).append(LedgerFolder.entry())
        try folder.write("no json\n")
        var bytes: [UInt8] = []
        let error = try #require(throws: LedgerError.self) {
            try LedgerExport(directory: folder.path).lines { bytes += $0 }
        }
        #expect(error.description.hasPrefix("\(folder.file):2: "))
        #expect(try bytes == Array((folder.lines[0] + "\n").utf8))
    }

    @Test("A reader that takes no more is told so")
    func refused() throws {
        try Ledger(directory: folder.path).append(LedgerFolder.entry())
        let failure = SystemError("write", code: 28)
        #expect(throws: LedgerError.system(failure)) {
            try LedgerExport(directory: folder.path).lines { _ throws(SystemError) in throw failure }
        }
    }
}
