extension Verification {
    /// Builds every published file once more with `builder`, one after the other, and compares it with the ledger.
    /// Publishes nothing, and records which of them came out the same. Blocks, for as long as all these builds take.
    ///
    /// - Parameters:
    ///   - interruption: ends it after the build that runs; what was compared by then is returned.
    ///   - progress: called with each step of each build.
    public func rebuilds(
        by builder: Builder,
        until interruption: Interruption = Interruption(),
        progress: @escaping (LedgerEntry, BuildProgress) -> Void = { _, _ in }
    ) -> [Finding] {
        var findings: [Finding] = []
        var (bytes, content, other, uncompared) = (0, 0, 0, 0)
        let entries = entries
        for entry in entries {
            let rebuilt: Rebuilt
            do throws(LedgerError) {
                rebuilt = try builder.prove(entry) { progress(entry, $0) }
            } catch {
                return findings + [.error("\(error) Verify as the user that serves.")]
            }
            if interruption.isRequested { break }
            switch rebuilt {
            case .sameBytes: bytes += 1
            case .sameContent: content += 1
            case .otherContent, .failed: other += 1
            case .notComparable: uncompared += 1
            }
            findings += finding(rebuilt, entry).map { [$0] } ?? []
        }
        let missed = entries.count - bytes - content - other - uncompared
        let summary = Finding.ok(
            "Built again, the same bytes: \(bytes); the same content, compressed otherwise: \(content); other "
                + "content, or none: \(other); not to be compared: \(uncompared)."
        )
        if missed == 0 { return [summary] + findings }
        return [summary] + findings + [.error("Interrupted; not built again: \(missed). Verify once more.")]
    }

    private func finding(_ rebuilt: Rebuilt, _ entry: LedgerEntry) -> Finding? {
        let name = "\(entry.file) (\(entry.identity))"
        switch rebuilt {
        case .sameBytes: return nil
        case .sameContent(let compressor):
            let how =
                compressor == entry.compressor
                ? "otherwise" : "by \(compressor) instead of \(entry.compressor)"
            return .warning(
                "\(name): the content is the same, compressed \(how). "
                    + "Keep its file: once lost, it could not be served under its URL."
            )
        case .otherContent(let sha256):
            return .error(
                "\(name): its tar has sha256 \(sha256), published was \(entry.tarSHA256). Keep its file: once lost, "
                    + "it cannot be served under its URL. The build is not repeatable, or the repository changed."
            )
        case .failed(let failure):
            return .error(
                "\(name): it cannot be built again. \(failure.reason) Keep its file until it can: "
                    + "\(path(of: entry))"
            )
        case .notComparable(let reason):
            return .warning("\(name): not built again. \(reason) Keep its file.")
        }
    }
}
