internal import PythonPackaging

/// What is said of a build, name by name, in the order of every form but JSON.
struct BuildFacts {
    let report: BuildReport
    /// What the ledger has of the file, with its origin; `nil` where it is not published, or nobody looked.
    var entry: LedgerEntry?
    /// Seconds since 1970.
    let now: Int64

    /// Where it stands, in some words, without a full stop.
    var state: String {
        switch report.state {
        case .published, .notBuilt, .queued: report.state.name
        case .running(let step): "\(step.rawValue), \(elapsed ?? 0) s"
        case .failed(let failure): "failed (\(failure.class.rawValue))"
        }
    }

    /// Whole seconds of an attempt that goes on; a clock that was set back makes them none.
    var elapsed: Int64? {
        guard case .running = report.state, let started = report.started else { return nil }
        return max(0, now - started)
    }

    /// When a failed build is tried again; `nil` where it did not fail.
    var retry: String? {
        guard case .failed = report.state else { return nil }
        guard let time = report.retried else { return "when the commit or the recipe changes" }
        return time > now ? "with the first request after \(Timestamp(time))" : "with the next request"
    }

    /// Names and values. None holds a control character, and those that come from tags need escaping.
    var lines: [(name: String, value: String)] {
        var lines = [("state", state + (report.isAhead ? ", ahead of demand" : ""))]
        if case .failed(let failure) = report.state {
            lines.append(("reason", failure.reason))
            lines.append(("failed", "\(Timestamp(failure.time)), attempt \(failure.attempt)"))
        }
        if let retry { lines.append(("tried again", retry)) }
        if let started = report.started { lines.append(("started", "\(Timestamp(started))")) }
        if let ended = report.ended { lines.append(("ended", "\(Timestamp(ended))")) }
        lines += [
            ("file", report.key.filename.description), ("source", report.key.source), ("tag", report.key.tag),
            ("commit", report.key.commit), ("identity", report.key.identity.description),
        ]
        return lines + origin + report.moves.map { ("moved", "\($0.tag), \($0.change), \($0.date)") }
    }

    /// Where the published file comes from.
    private var origin: [(name: String, value: String)] {
        guard let entry else { return [] }
        var lines = [("sha256", entry.sha256), ("repository", entry.repositoryURI)]
        if let origin = entry.origin {
            lines.append(("recipe", origin.recipe.summary))
            lines.append(
                (
                    "builder",
                    origin.builder + (origin.isConfined.map { $0 ? ", confined" : ", not confined" } ?? "")
                )
            )
        }
        if let environment = entry.environment {
            let packages = environment.packages.map { "\($0.name) \($0.version)" }
            lines.append(("built with", ([environment.python] + packages).joined(separator: ", ")))
        }
        return lines
    }

    /// How long ago something happened last, in one unit: `5 s`, `3 min`, `2 h`, `9 d`; empty where nothing did.
    var age: String {
        guard let touched = report.touched else { return "" }
        let seconds = max(0, now - touched)
        return switch seconds {
        case 0..<120: "\(seconds) s"
        case 120..<7200: "\(seconds / 60) min"
        case 7200..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
