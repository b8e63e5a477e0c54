internal import FoundationEssentials
public import PythonPackaging

/// An explanation for programs. Keys without a value are left out.
public enum ExplanationJSON {
    private struct Account: Encodable {
        let project: String
        /// `page`, `redirect`, `absent` or `unavailable`.
        let answer: String
        var location: String?
        var reason: String?
        var status: String?
        let asked: [Statement]
        let files: [File]
        let hidden: [Hidden]
    }

    private struct Statement: Encodable {
        let source: String
        let says: String
    }

    private struct File: Encodable {
        let filename: String
        let version: String
        let source: String?
        let url: String?
        let yanked: Bool
        let yankedReason: String?

        enum CodingKeys: String, CodingKey {
            case filename, version, source, url, yanked
            case yankedReason = "yanked-reason"
        }
    }

    private struct Hidden: Encodable {
        let name: String
        let version: String?
        let source: String
        let reason: String
    }

    /// Writes `explanation` of the project `name` down.
    public static func encode(_ explanation: Explanation, of name: ProjectName) -> [UInt8] {
        var account = Account(
            project: name.normalized,
            answer: explanation.answer,
            asked: explanation.statements.map { Statement(source: $0.speaker, says: $0.text) },
            files: explanation.files.map { file in
                File(
                    filename: file.filename.description,
                    version: file.filename.version.description,
                    source: explanation.origins[file.filename.description],
                    url: file.url,
                    yanked: file.yank != nil,
                    yankedReason: file.yank?.reason
                )
            },
            hidden: explanation.withheld.map {
                Hidden(name: $0.name, version: $0.version?.description, source: $0.source, reason: $0.reason)
            }
        )
        switch explanation.outcome {
        case .page(let page): account.status = page.status.marker.rawValue
        case .redirect(let url): account.location = url
        case .failed(let error): account.reason = error.description
        case .absent: break
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and truth values; encoding them cannot fail.
        return (try? encoder.encode(account)).map { Array($0) + [10] } ?? []
    }
}

extension Explanation {
    fileprivate var answer: String {
        switch outcome {
        case .page: "page"
        case .redirect: "redirect"
        case .absent: "absent"
        case .failed: "unavailable"
        }
    }
}
