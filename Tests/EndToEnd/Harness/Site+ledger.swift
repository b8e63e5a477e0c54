import Fixtures
import Foundation
import Testing

/// What the tests read of a published file's line.
struct LedgerLine: Decodable {
    struct Key: Decodable {
        let project: String
        let version: String
    }

    let event: String
    let key: Key?
    let identity: String?
    let file: String?
    let sha256: String?
    let size: Int?
}

extension Site {
    /// The ledger's lines, each of which must be whole.
    func ledger() throws -> [LedgerLine] {
        try text(of: state + "/ledger.jsonl").split(separator: "\n").map {
            try JSONDecoder().decode(LedgerLine.self, from: Data($0.utf8))
        }
    }

    /// Expects that every line of a published file stands alone, that its file is there with these bytes, that pages list
    /// just these, and that no build left a process or a directory.
    func expectWhole(_ projects: String..., comment: Comment? = nil) throws {
        let lines = try ledger().filter { $0.event == "published" }
        #expect(Set(lines.map(\.identity)).count == lines.count, "two lines for one file; \(comment ?? "")")
        for line in lines {
            let path = "\(cache)/files/\(line.key?.project ?? "")/\(line.identity ?? "")/\(line.file ?? "")"
            let sum = try Run(["sha256sum", path]).output.prefix(64)
            #expect(line.sha256 == String(sum), "\(path); \(comment ?? "")")
        }
        for project in projects {
            for file in try listing(project).files where !file.hashes.isEmpty {
                let line = lines.first { file.url.contains("/\($0.identity ?? "?")/") }
                #expect(line?.sha256 == file.hashes["sha256"], "\(file.filename); \(comment ?? "")")
                #expect(line?.size == file.size)
            }
        }
        var left: [String] = []
        let isClean = try eventually {
            left = try leftovers()
            return left.isEmpty
        }
        #expect(isClean, "\(left); \(comment ?? "")")
    }
}
