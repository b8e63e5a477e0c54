import FCGIIndex
import Glibc
import POSIX
import PythonPackaging
import Synchronization
import Testing

@Suite("Ledger under faults")
struct LedgerFaultTests {
    private let folder: LedgerFolder
    private let acme: ProjectName

    init() throws {
        folder = try LedgerFolder()
        acme = try LedgerFolder.name("acme-core")
    }

    @Test("Eight threads on two ledgers of one directory lose nothing and tear nothing")
    func parallel() throws {
        let ledgers = [try Ledger(directory: folder.path), try Ledger(directory: folder.path)]
        let entries = try (0..<80).map { try LedgerFolder.entry("project-\($0 % 4)", "1.\($0)") }
        let shared = try LedgerFolder.entry("shared")
        let failures = Mutex<[String]>([])
        try Threads.run(8) { thread in
            do {
                for number in stride(from: thread, to: 80, by: 8) {
                    try ledgers[thread % 2].append(entries[number])
                    try ledgers[thread % 2].append(shared)
                    _ = try ledgers[(thread + 1) % 2].refresh()
                }
            } catch { failures.withLock { $0.append("\(error)") } }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try folder.lines.count == 81)
        for ledger in ledgers + [try Ledger(directory: folder.path)] {
            _ = try ledger.refresh()
            for entry in entries + [shared] { #expect(ledger.entry(for: entry.identity) == entry) }
        }
    }

    @Test("A process killed while it adds leaves a ledger that goes on", arguments: 0..<8)
    func torn(part: Int) throws {
        let ledger = try Ledger(directory: folder.path)
        let (first, second) = (try LedgerFolder.entry(), try LedgerFolder.entry("other"))
        try ledger.append(first)
        let line = try folder.lines[0]
        // From one byte to all but the newline.
        let torn = String(line.prefix(max(1, line.count * part / 7)))
        try folder.write(torn)
        #expect(try ledger.refresh() == [acme])
        #expect(try Ledger(directory: folder.path).entries(of: acme) == [first])

        try ledger.append(second)
        #expect(try folder.lines.count == 2)
        #expect(try File.read("\(folder.path)/ledger.torn-1") == Array(torn.utf8))
        #expect(try Ledger(directory: folder.path).owned == [acme, second.key.project])

        try folder.write("x")
        try ledger.append(LedgerFolder.entry("third"))
        #expect(try File.read("\(folder.path)/ledger.torn-2") == [UInt8(ascii: "x")])
    }

    @Test("A ledger of one torn line alone starts again")
    func tornFirst() throws {
        try folder.write(String(repeating: "{", count: 10_000))
        let ledger = try Ledger(directory: folder.path)
        try ledger.append(LedgerFolder.entry())
        #expect(try folder.lines.count == 1)
        #expect(try FileStatus(path: "\(folder.path)/ledger.torn-1").size == 10_000)
    }

    @Test("A torn line of exactly the size of the next one hides nothing from a reader")
    func tornOfEqualSize() throws {
        let (writer, reader) = (try Ledger(directory: folder.path), try Ledger(directory: folder.path))
        try writer.append(LedgerFolder.entry())
        let size = try folder.lines[0].utf8.count + 1
        try folder.write(String(repeating: "x", count: size))
        #expect(try reader.refresh() == [acme])
        try writer.append(LedgerFolder.entry("acme-corf"))
        #expect(try FileStatus(path: folder.file).size == Int64(2 * size))
        #expect(try reader.refresh() == [LedgerFolder.name("acme-corf")])
    }

    @Test(
        "A line that cannot be read stops the ledger, with file and line",
        arguments: [
            "no json", "", "{}", #"{"event":1}"#,
            #"{"event":"owned","project":"../x","source":"s","firstSeen":1}"#,
            #"{"event":"owned","project":"x","firstSeen":1}"#, #"{"event":"published","identity":"x"}"#,
        ]
    )
    func unreadable(line: String) throws {
        let ledger = try Ledger(directory: folder.path)
        let entry = try LedgerFolder.entry()
        try ledger.append(entry)
        try folder.write(line + "\n")
        for _ in 0..<2 {
            let error = try #require(throws: LedgerError.self) { try ledger.refresh() }
            #expect(error.description.hasPrefix("\(folder.file):2: "))
        }
        #expect(throws: LedgerError.self) { try ledger.append(LedgerFolder.entry("other")) }
        #expect(throws: LedgerError.self) { try Ledger(directory: folder.path) }
        #expect(ledger.entry(for: entry.identity) == entry)
    }

    @Test("A file name that is not that of the key is refused")
    func foreignName() throws {
        let ledger = try Ledger(directory: folder.path)
        try ledger.append(LedgerFolder.entry())
        let line = try folder.lines[0].replacing("acme_core-1.0.tar.gz", with: "../../../etc/passwd")
        try folder.write(line + "\n")
        #expect(throws: LedgerError.self) { try ledger.refresh() }
    }

    @Test("A ledger that was replaced, cut or removed is read anew")
    func replaced() throws {
        let ledger = try Ledger(directory: folder.path)
        try ledger.append(LedgerFolder.entry())
        let first = try File.read(folder.file)
        try ledger.append(LedgerFolder.entry("other"))
        let other = try LedgerFolder.name("other")
        _ = try ledger.refresh()

        try File.replace(folder.file, with: first)
        #expect(try ledger.refresh() == [acme, other])
        #expect(ledger.owned == [acme])

        #expect(truncate(folder.file, 0) == 0)
        #expect(try ledger.refresh() == [acme])
        #expect(ledger.owned.isEmpty)

        try ledger.append(LedgerFolder.entry())
        #expect(unlink(folder.file) == 0)
        #expect(try ledger.refresh() == [acme])
        #expect(ledger.owned.isEmpty)
    }

    @Test(
        "A full disk fails the one line, and the ledger goes on when there is room",
        .enabled(if: geteuid() == 0)
    )
    func fullDisk() throws {
        let disk = "/tmp/ledger-disk-\(Temporary.suffix())"
        try Directory.create(disk)
        try #require(mount("none", disk, "tmpfs", 0, "size=64k") == 0)
        defer {
            umount2(disk, Int32(MNT_DETACH))
            rmdir(disk)
        }
        let ballast = try Descriptor(opening: "\(disk)/ballast", O_WRONLY | O_CREAT)
        try ballast.write([UInt8](repeating: 0, count: 32_768))
        let ledger = try Ledger(directory: disk)
        var written: [LedgerEntry] = []
        let error = try #require(throws: LedgerError.self) {
            for number in 0..<1000 {
                let entry = try LedgerFolder.entry("acme-core", "1.\(number)")
                try ledger.append(entry)
                written.append(entry)
            }
        }
        guard case .system(let failure) = error else { throw error }
        #expect(failure.code == ENOSPC)
        #expect(written.count > 10)
        #expect(try Ledger(directory: disk).entries(of: acme) == written)
        #expect(throws: LedgerError.self) { try ledger.append(LedgerFolder.entry("late")) }

        #expect(unlink("\(disk)/ballast") == 0 && ftruncate(ballast.number, 0) == 0)
        try ledger.append(LedgerFolder.entry("late"))
        #expect(try Ledger(directory: disk).owned == [acme, LedgerFolder.name("late")])
        #expect(try Directory.entries(disk).sorted() == ["ledger.jsonl", "ledger.lock"])
    }
}

/// Plain threads, since what they call blocks.
private enum Threads {
    private final class Job: Sendable {
        let number: Int
        let body: @Sendable (Int) -> Void

        init(_ number: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.number = number
            self.body = body
        }
    }

    /// Runs `body` on `count` threads and waits for all.
    static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
        var threads: [pthread_t] = []
        for number in 0..<count {
            var thread = pthread_t()
            let job = Unmanaged.passRetained(Job(number, body)).toOpaque()
            let code = pthread_create(
                &thread,
                nil,
                { pointer in
                    guard let pointer else { return nil }
                    let job = Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue()
                    job.body(job.number)
                    return nil
                },
                job
            )
            try #require(code == 0)
            threads.append(thread)
        }
        for thread in threads { pthread_join(thread, nil) }
    }
}
