import Foundation
import Testing

/// What a loss of power could take is what was not synced: so the order of the calls is looked at.
@Suite("Power loss", .serialized, .enabled(if: Trace.isPossible, "strace may not trace here"))
struct PowerLossTests {
    @Test("Bytes are on the disk before they have their name, and the name before the ledger's line")
    func order() throws {
        try Site.with(prepare: { try $0.release("acme-core", "1.0", building: "true") }) { site in
            let trace = try Trace([
                Places.binary, "build", "acme-core", "1.0", "--config", site.configuration,
            ])
            try #require(trace.run.succeeded, "\(trace.run.output)")
            let ledger = "\(site.state)/ledger.jsonl"
            let line = try #require(trace.first("write", on: ledger, after: 0))
            #expect(trace.first("fsync", on: ledger, after: line) != nil, "synced before the command ends")
            var files = 0
            for index in trace.calls.indices where index < line {
                let call = trace.calls[index]
                guard call.text.hasSuffix(" = 0"), let path = call.paths.last,
                    path.hasPrefix(site.cache + "/files/")
                else { continue }
                switch call.name {
                case "rename":
                    files += 1
                    expectSynced(call.paths[0], before: index, trace)
                    expectSynced(parent(path), after: index, before: line, trace)
                case "mkdir": expectSynced(parent(path), after: index, before: line, trace)
                default: continue
                }
            }
            #expect(files == 2, "the file and its metadata")
            let later = trace.calls[line...].filter {
                $0.name == "rename" && $0.text.contains(site.cache + "/files/")
            }
            #expect(later.isEmpty, "nothing is published behind the line")
        }
    }

    /// The file was synced after it was written for the last time.
    private func expectSynced(_ temporary: String, before index: Int, _ trace: Trace) {
        let written = trace.last("write", on: temporary, before: index)
        let synced = trace.last("fsync", on: temporary, before: index)
        #expect(synced != nil && synced ?? 0 > written ?? 0, "\(temporary)")
    }

    private func expectSynced(_ directory: String, after index: Int, before line: Int, _ trace: Trace) {
        let synced = trace.first("fsync", on: directory, after: index)
        #expect(synced != nil && synced ?? 0 < line, "\(directory)")
    }

    private func parent(_ path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }
}

extension Trace {
    /// The first call of this name on a descriptor of the file at `path`, from `index` on.
    fileprivate func first(_ name: String, on path: String, after index: Int) -> Int? {
        calls[index...].firstIndex { $0.name == name && $0.text.contains("<\(path)>") }
    }

    /// The last one before `index`.
    fileprivate func last(_ name: String, on path: String, before index: Int) -> Int? {
        calls[..<index].lastIndex { $0.name == name && $0.text.contains("<\(path)>") }
    }
}

extension Trace.Call {
    /// The paths among its arguments.
    fileprivate var paths: [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
