internal import PythonPackaging

/// Builds as plain text.
public enum BuildText {
    /// The facts of one build, and an empty line.
    static func head(_ facts: BuildFacts) -> String {
        let lines = facts.lines.map { name, value in
            name + String(repeating: " ", count: 13 - name.utf8.count) + value + "\n"
        }
        return "\(facts.report.key.project) \(facts.report.key.version)\n" + lines.joined() + "\n"
    }

    /// One build as `pyindex-fcgi builds` shows it, at `now` in seconds since 1970.
    ///
    /// - Parameter entry: what the ledger has of the file, with its origin.
    public static func report(_ report: BuildReport, at now: Int64, entry: LedgerEntry?) -> String {
        head(BuildFacts(report: report, entry: entry, now: now))
    }

    /// One line for each, its columns separated by tabs: project, version, state, class or step, age, ahead, reason.
    public static func list(_ reports: [BuildReport], at now: Int64) -> String {
        reports.map { report in
            let facts = BuildFacts(report: report, now: now)
            var columns = [
                report.key.project.normalized, report.key.version.description, facts.state, facts.age,
            ]
            columns.append(report.isAhead ? "ahead of demand" : "")
            if case .failed(let failure) = report.state { columns.append(failure.reason) }
            while columns.last == "" { columns.removeLast() }
            return columns.joined(separator: "\t") + "\n"
        }
        .joined()
    }
}
