import Glibc
import Logging
import POSIX
import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("File of verdicts")
final class VerdictFileTests {
    private let directory: String
    private var path: String { directory + "/yanks.toml" }
    private let acme = ProjectName("acme-core")!

    init() throws {
        directory = "/tmp/verdicts-\(Temporary.suffix())"
        try Directory.create(directory)
    }

    deinit { try? Directory.remove(directory) }

    private func write(_ text: String) throws { try File.replace(path, with: Array(text.utf8)) }

    private static func quarantine(_ project: String = "acme-core") -> String {
        "[[status]]\nproject = \"\(project)\"\nstatus = \"quarantined\"\n"
    }

    private func open(
        _ log: RecordingLog = RecordingLog(),
        isBypassed: Bool = false
    ) throws -> VerdictFile {
        try VerdictFile(path: path, isBypassed: isBypassed, logger: Logger(label: "test") { _ in log })
    }

    @Test("An absent file yanks nothing, and one that comes is seen at once")
    func absent() throws {
        let file = try open()
        #expect(!file.hasNews)
        #expect(file.current == Verdicts())
        try write(Self.quarantine())
        #expect(file.hasNews)
        #expect(file.current.quarantine(of: acme) != nil)
        #expect(file.hasNews, "the change is taken over, but nobody asked what it was")
        guard case .some([acme]) = file.changes() else {
            Issue.record("acme-core changed")
            return
        }
        guard case .none = file.changes() else {
            Issue.record("nothing changed since")
            return
        }
        try #require(unlink(path) == 0)
        #expect(file.hasNews)
        #expect(file.current == Verdicts())
    }

    @Test("A file that rests is not read again")
    func rests() throws {
        try write(Self.quarantine())
        let file = try open()
        usleep(30_000)
        _ = file.changes()
        #expect(!file.hasNews)
    }

    @Test("Two changes in one tick of the file system's clock, in place and of one size, are both seen")
    func sameTick() throws {
        for number in 0..<100 {
            try write(Self.quarantine("acme-a"))
            let file = try open()
            let bytes = Array(Self.quarantine("acme-b").utf8)
            try Descriptor(opening: path, O_WRONLY).write(bytes)
            let name = try #require(ProjectName("acme-b"))
            #expect(file.current.quarantine(of: name) != nil, "round \(number)")
        }
    }

    @Test("A wrong file is reported once, and what it said before stays in force until it is right again")
    func wrong() throws {
        try write(Self.quarantine())
        let log = RecordingLog()
        let file = try open(log)
        try write("[[status]]\nproject = 3\n")
        for _ in 0..<5 {
            #expect(file.current.quarantine(of: acme) != nil)
            _ = file.changes()
        }
        #expect(log.messages.count == 1, "\(log.messages)")
        #expect(log.messages.first?.contains("\(path):2: status[0].project: expected") == true)
        try write("")
        #expect(file.current == Verdicts())
        usleep(30_000)
        _ = file.changes()
        #expect(!file.hasNews)
    }

    @Test("A file that cannot be read is reported once, and what it said before stays in force")
    func unreadable() throws {
        try write(Self.quarantine())
        let log = RecordingLog()
        let file = try open(log)
        try #require(unlink(path) == 0)
        try Directory.create(path)
        for _ in 0..<3 { #expect(file.current.quarantine(of: acme) != nil) }
        #expect(log.messages.filter { $0.contains("cannot be read") }.count == 1, "\(log.messages)")
    }

    @Test("A quarantine that does not hold files back is logged, at the start and when it is set")
    func bypassed() throws {
        try write(Self.quarantine())
        let log = RecordingLog()
        let file = try open(log, isBypassed: true)
        #expect(log.messages.count == 1)
        #expect(
            log.messages[0].hasPrefix(
                "The quarantine of acme-core does not hold back built files: direct-files"
            )
        )
        try write(Self.quarantine("acme-old") + Self.quarantine())
        for _ in 0..<3 { #expect(file.current.quarantine(of: acme) != nil) }
        #expect(log.messages.count { $0.hasPrefix("The quarantine of acme-core, acme-old does not") } == 1)
        try write("[[status]]\nproject = \"acme-core\"\nstatus = \"archived\"\n")
        let count = log.messages.count
        #expect(file.current.statuses.count == 1)
        #expect(log.messages.count == count + 1, "it is taken over, and nothing more is to be said")

        let other = RecordingLog()
        try write(Self.quarantine())
        _ = try open(other)
        #expect(other.messages.isEmpty)
    }

    @Test("A wrong file at the start is an error with its line")
    func wrongAtStart() throws {
        try write("[[yank]]\n")
        let error = try #require(throws: ConfigurationError.self) { try open() }
        #expect(error.description.hasPrefix("\(path):1: "))
    }
}

extension VerdictFile {
    /// Whether it has news now.
    fileprivate var hasNews: Bool { hasNews(at: InotifyGlance()) }
}
