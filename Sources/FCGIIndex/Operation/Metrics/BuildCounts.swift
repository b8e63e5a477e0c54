/// How the builds ended that this service had run.
final class BuildCounts: Sendable {
    /// Published, and the classes of failures.
    private let counts = CounterTable(1 + BuildFailure.Class.allCases.count)

    /// Counts a build that ended.
    func count(_ outcome: Outcome) {
        switch outcome {
        case .published: counts.add(at: 0)
        case .failed(let failure):
            let index = BuildFailure.Class.allCases.firstIndex(of: failure.class)
            counts.add(at: 1 + (index ?? 0))
        }
    }

    /// Writes the family; also what never happened, so that the first one shows as an increase.
    func expose(in exposition: inout Exposition) {
        exposition.family("pyindex_builds_total", .counter, "Builds that ended, by outcome.")
        let labels = ["published"] + BuildFailure.Class.allCases.map(\.rawValue)
        for (index, label) in labels.enumerated() {
            exposition.sample([("outcome", label)], Double(counts[index]))
        }
    }
}
