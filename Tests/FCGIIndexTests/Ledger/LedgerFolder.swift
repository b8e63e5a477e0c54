import FCGIIndex
import Glibc
import POSIX
import PythonPackaging
import Testing

/// A state directory for one test, and entries to put into its ledger.
final class LedgerFolder: Sendable {
    let path: String

    init(in parent: String = "/tmp") throws {
        path = "\(parent)/ledger-\(Temporary.suffix())"
        try Directory.create(path, mode: 0o750)
    }

    deinit { try? Directory.remove(path) }

    var file: String { "\(path)/ledger.jsonl" }

    var lines: [String] {
        get throws {
            String(decoding: try File.readIfPresent(file) ?? [], as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        }
    }

    /// Puts `text` at the end of the file as it is.
    func write(_ text: String) throws {
        let bytes = try File.readIfPresent(file) ?? []
        let end = try Descriptor(opening: file, O_WRONLY | O_APPEND | O_CREAT, mode: 0o640)
        try end.write(Array(text.utf8))
        #expect(try FileStatus(path: file).size == Int64(bytes.count + text.utf8.count))
    }

    static func entry(
        _ project: String = "acme-core",
        _ version: String = "1.0",
        sha256: String = String(repeating: "a", count: 64)
    ) throws -> LedgerEntry {
        let key = BuildKey(
            source: "monorepo",
            project: try #require(ProjectName(project)),
            version: try #require(Version(version)),
            tag: "\(project)/v\(version)",
            tagObject: String(repeating: "1", count: 40),
            commit: String(repeating: "2", count: 40),
            commitTime: 1_700_000_000,
            directory: project,
            recipe: String(repeating: "3", count: 64)
        )
        return LedgerEntry(
            key: key,
            repository: "/srv/git/monorepo.git",
            sha256: sha256,
            size: 4096,
            tarSHA256: String(repeating: "b", count: 64),
            metadataSHA256: nil,
            compressor: "zlib 1.2.13",
            firstSeen: 1_700_000_100
        )
    }

    static func name(_ text: String) throws -> ProjectName { try #require(ProjectName(text)) }
}
