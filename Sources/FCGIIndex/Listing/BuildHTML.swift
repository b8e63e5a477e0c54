internal import PythonPackaging

/// Builds as pages for a browser. Nothing of them is text of a build that was not escaped.
enum BuildHTML {
    /// What a page may do: nothing, not even be framed.
    static let policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// The page of one build up to where its log begins; `tail` ends it.
    static func head(_ facts: BuildFacts) -> [UInt8] {
        let key = facts.report.key
        var text = Text(capacity: 4096)
        text.beginPage("\(key.project) \(key.version)")
        text +=
            "<p><a href=\"../\">All builds</a> <a href=\"../../../simple/\(key.project)/\">Files</a></p>\n"
        text += "<table>\n"
        for (name, value) in facts.lines {
            text += "<tr><th scope=\"row\">\(name)</th><td>"
            text.escaped(value)
            text += "</td></tr>\n"
        }
        text += "</table>\n<h2>Log</h2>\n<pre>"
        return text.bytes
    }

    /// A piece of the log.
    static func escaped(_ log: [UInt8]) -> [UInt8] {
        var text = Text(capacity: log.count + log.count / 8)
        text.escaped(log)
        return text.bytes
    }

    static let tail = Array("</pre>\n</body>\n</html>\n".utf8)

    /// The page of many.
    static func list(_ reports: [BuildReport], at now: Int64) -> [UInt8] {
        var text = Text(capacity: 512 + 512 * reports.count)
        text.beginPage("Builds")
        text +=
            "<table>\n<tr><th>project</th><th>version</th><th>state</th><th>age</th><th></th><th>reason</th></tr>\n"
        for report in reports {
            let facts = BuildFacts(report: report, now: now)
            let version = report.key.version.description
            text += "<tr><td>\(report.key.project)</td><td><a href=\""
            text += "\(report.key.project)/\(PercentEncoding.encode(version))\">"
            text.escaped(version)
            text += "</a></td>"
            var cells = [facts.state, facts.age, report.isAhead ? "ahead of demand" : ""]
            if case .failed(let failure) = report.state {
                cells.append(failure.reason)
            } else {
                cells.append("")
            }
            text.cells(cells)
            text += "</tr>\n"
        }
        text += "</table>\n</body>\n</html>\n"
        return text.bytes
    }
}

extension Text {
    /// The beginning of a page for people, up to its heading.
    mutating func beginPage(_ title: String) {
        self += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>"
        escaped(title)
        self += "</title>\n</head>\n<body>\n<h1>"
        escaped(title)
        self += "</h1>\n"
    }

    /// Cells of a table's row.
    mutating func cells(_ cells: [String]) {
        for cell in cells {
            self += "<td>"
            escaped(cell)
            self += "</td>"
        }
    }
}
