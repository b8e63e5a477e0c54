public import PythonPackaging

/// An explanation for people: what was asked, what a client sees, and what is hidden.
public struct ExplanationText: Sendable {
    private struct Part {
        let title: String
        /// The columns of each line.
        let rows: [[String]]
    }

    private let name: ProjectName
    private let parts: [Part]

    /// Writes `explanation` of the project `name` down.
    public init(_ explanation: Explanation, of name: ProjectName) {
        self.name = name
        var parts = [Part(title: "Asked", rows: explanation.statements.map { [$0.speaker, $0.text] })]
        let files = explanation.files.map { file in
            let name = file.filename.description
            let facts = [file.url.map { "at \($0)" } ?? "here", file.yank?.description].compactMap { $0 }
            return [name, explanation.origins[name] ?? "", facts.joined(separator: ", ")]
        }
        parts.append(Part(title: explanation.seen, rows: files))
        if !explanation.withheld.isEmpty {
            parts.append(
                Part(title: "Hidden", rows: explanation.withheld.map { [$0.name, $0.source, $0.reason] })
            )
        }
        self.parts = parts
    }

    /// As text, in columns.
    public var text: String {
        let blocks = parts.map { part in
            let widths = (part.rows.first ?? []).indices.map { column in
                part.rows.map { $0[column].count }.max() ?? 0
            }
            let lines = part.rows.map { row in
                let padded = row.dropLast().enumerated().map { column, cell in
                    cell.printable + String(repeating: " ", count: max(0, widths[column] - cell.count))
                }
                return "  " + (padded + [row.last?.printable ?? ""]).joined(separator: "  ") + "\n"
            }
            return "\(part.title)\n" + lines.joined()
        }
        return "\(name)\n\n" + blocks.joined(separator: "\n")
    }

    /// As a page for a browser.
    var html: [UInt8] {
        var text = Text(capacity: 4096)
        text.beginPage(name.normalized)
        for part in parts {
            text += "<h2>"
            text.escaped(part.title)
            text += "</h2>\n<table>\n"
            for row in part.rows {
                text += "<tr>"
                text.cells(row)
                text += "</tr>\n"
            }
            text += "</table>\n"
        }
        text += "</body>\n</html>\n"
        return text.bytes
    }
}

extension Explanation {
    /// What is left for clients.
    var files: [IndexFile] { if case .page(let page) = outcome { page.files } else { [] } }

    /// What a client gets, as a heading.
    var seen: String {
        switch outcome {
        case .page(let page):
            let status = page.status == .active ? "" : ", status \(page.status)"
            return "A client sees a page of files: \(page.files.count)\(status)"
        case .redirect(let url): return "A client is sent to \(url)"
        case .absent: return "A client sees no such project (404)"
        case .failed(let error): return "A client is told to ask again (503). \(error)"
        }
    }
}
