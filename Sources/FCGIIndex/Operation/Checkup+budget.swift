internal import PythonPackaging

/// The cache's limit.
extension Checkup {
    /// How much of it is used, and what may not go.
    func budget() -> [Finding] {
        guard let limit = configuration.cacheLimit else { return [] }
        let ledger: Ledger
        do throws(LedgerError) {
            ledger = try Ledger(directory: configuration.stateDirectory)
        } catch {
            if case .noDirectory = error { return [.ok("Built files take 0 of \(Self.size(limit)).")] }
            return [.error("\(error)")]
        }
        let budget = CacheBudget(configuration, ledger: ledger)
        let survey = budget.survey()
        var listed = FetchedFiles.Listed(budget.fetchedFiles)
        let pins =
            survey.files.map { (budget.pin(of: $0.entry), $0.use.size) }
            + survey.fetched.map { (budget.pin(of: $0, &listed), $0.use.size) }
        var pinned: [CacheBudget.Pin: (count: Int, bytes: Int64)] = [:]
        for case (let pin?, let size) in pins {
            let sum = pinned[pin] ?? (0, 0)
            pinned[pin] = (sum.count + 1, sum.bytes + size)
        }
        let bytes = pinned.values.reduce(0) { $0 + $1.bytes }
        let count = pinned.values.reduce(0) { $0 + $1.count }
        let use =
            "Built files take \(Self.size(survey.built))\(Self.fetched(survey)) of \(Self.size(limit)); those that may "
            + "not go: \(count), \(Self.size(bytes))"
        let reasons = pinned.sorted { $0.value.bytes > $1.value.bytes }.map { pin, sum in
            "\(sum.count) files, \(Self.size(sum.bytes)): \(pin.reason)"
        }
        let text = reasons.isEmpty ? use + "." : use + ": " + reasons.joined(separator: " ")
        if bytes <= limit { return [.ok(text)] }
        return [
            .warning(
                text + " Raise cache-limit, or the files stay beyond it: what may not go is never removed."
            )
        ]
    }

    private static func fetched(_ survey: CacheBudget.Survey) -> String {
        survey.fetched.isEmpty ? "" : ", and fetched ones \(size(survey.used - survey.built)),"
    }

    private static func size(_ bytes: Int64) -> String {
        if bytes < 1 << 20 { return bytes < 1024 ? "\(bytes) bytes" : "\(bytes >> 10) KiB" }
        return "\(bytes >> 20) MiB"
    }
}

extension CacheBudget.Pin {
    /// One sentence for `check`.
    fileprivate var reason: String {
        switch self {
        case .kept: "cache-keep names them."
        case .unlisted:
            "another index names them no more, so they could not be fetched again."
        case .unproven: "not built a second time yet, so nobody knows whether they come back."
        case .unbuildable(let reason), .doubtful(let reason): reason
        }
    }
}
