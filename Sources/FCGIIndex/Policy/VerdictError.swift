internal import PythonPackaging
public import POSIX

/// Why the file of verdicts was not changed, or not recorded to be.
public enum VerdictError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What stands in the file already is wrong.
    case wrong(ConfigurationError)
    /// There is no such entry to take back; the sentence says what there is.
    case notYanked(String)
    /// The file is written in a way that cannot be changed table by table.
    case uneditable(path: String)
    /// A system call failed; nothing changed.
    case system(SystemError)
    /// The file is changed, and the ledger does not say by whom.
    case unrecorded(LedgerError)

    /// One sentence, or one line for each thing that is wrong with the file.
    public var description: String {
        switch self {
        case .wrong(let error): "\(error)"
        case .notYanked(let sentence): sentence
        case .uneditable(let path):
            "\(path) is not made of tables [[yank]] and [[status]] on lines of their own; change it by hand."
        case .system(let error): "Nothing was changed: \(error)."
        case .unrecorded(let error): "This is in force now, but who did it is not in the ledger. \(error)"
        }
    }

    /// That `target` of `project` is not among `verdicts`, and what probably was meant.
    static func notYanked(_ target: YankTarget, of project: ProjectName, in verdicts: Verdicts)
        -> VerdictError
    {
        let targets = verdicts.yanks(of: project).map(\.target)
        if targets.isEmpty {
            let names = verdicts.yanks.map(\.project.normalized)
            let near = Suggestion.nearest(to: project.normalized, among: names)
            let hint = near.map { " Did you mean \"\($0)\"?" } ?? ""
            return .notYanked("Nothing of \(project) is yanked.\(hint)")
        }
        if let cover = targets.last(where: { $0.covers(target) }) {
            return .notYanked("\(project) \(target) is yanked by the entry \"\(cover)\"; unyank that one.")
        }
        let texts = targets.map(\.description)
        let near = Suggestion.nearest(to: target.description, among: texts)
        let hint = near.map { "did you mean \"\($0)\"?" } ?? "there are: \(texts.joined(separator: ", "))."
        return .notYanked("No entry yanks exactly \(project) \(target); \(hint)")
    }
}

extension YankTarget {
    /// Whether `other` names a single version or file, and this means it too.
    fileprivate func covers(_ other: YankTarget) -> Bool {
        switch (self, other) {
        case (.version(let pattern), .version(let one)):
            Version(one.description).map { pattern.matches($0) } ?? false
        case (_, .file(let name)):
            DistributionFilename(name).map { matches($0) } ?? false
        case (.file, .version): false
        }
    }
}
