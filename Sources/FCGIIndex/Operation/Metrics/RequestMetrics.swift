/// How many requests were answered, how, and how long it took.
///
/// Most answers are found in memory within microseconds. Counting one of them is one atomic addition, and no look at
/// the clock; only what was expected to take longer (`Request.expectDelay()`) is timed.
final class RequestMetrics: Sendable {
    /// The upper bounds of the histogram's buckets, in seconds.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private static let statuses = 100..<600
    private static let kinds = Route.Kind.allCases.count
    private static let width = bounds.count + 1

    private let answered = CounterTable(kinds * statuses.count)
    /// What was timed: a counter for each bucket and one for what is past them all, by route.
    private let timed = CounterTable(kinds * width)
    /// Nanoseconds, by route.
    private let sums = CounterTable(kinds)

    /// Counts an answer.
    ///
    /// - Parameter time: how long making it took; `nil` when it was found in memory.
    func count(_ kind: Route.Kind, status: Int, after time: Duration?) {
        let status = Self.statuses.contains(status) ? status : 500
        answered.add(at: kind.rawValue * Self.statuses.count + status - Self.statuses.lowerBound)
        guard let time else { return }
        let (seconds, attoseconds) = time.components
        let nanoseconds = max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        let bucket = Self.bounds.firstIndex { Double(nanoseconds) <= $0 * 1e9 } ?? Self.bounds.count
        timed.add(at: kind.rawValue * Self.width + bucket)
        sums.add(UInt64(nanoseconds), at: kind.rawValue)
    }

    /// Writes both families.
    func expose(in exposition: inout Exposition) {
        // Before the totals, so that nothing was timed that is not among them.
        let timed = Route.Kind.allCases.map { kind in
            (0..<Self.width).map { self.timed[kind.rawValue * Self.width + $0] }
        }
        var totals = Array(repeating: UInt64(0), count: Self.kinds)
        exposition.family("pyindex_requests_total", .counter, "Requests answered, by route and status.")
        for kind in Route.Kind.allCases {
            for status in Self.statuses {
                let count = answered[kind.rawValue * Self.statuses.count + status - Self.statuses.lowerBound]
                if count == 0 { continue }
                totals[kind.rawValue] += count
                exposition.sample([("route", kind.label), ("status", "\(status)")], Double(count))
            }
        }
        exposition.family(
            "pyindex_request_duration_seconds",
            .histogram,
            "Time until an answer was made, waiting for a build included. Answers found in memory are not timed and "
                + "count as 0."
        )
        for kind in Route.Kind.allCases where totals[kind.rawValue] > 0 {
            let counts = timed[kind.rawValue]
            let all = counts.reduce(0, +)
            let untimed = totals[kind.rawValue] - min(all, totals[kind.rawValue])
            exposition.histogram(
                [("route", kind.label)],
                bounds: Self.bounds,
                counts: [counts[0] + untimed] + counts.dropFirst(),
                sum: Double(sums[kind.rawValue]) / 1e9
            )
        }
    }
}
