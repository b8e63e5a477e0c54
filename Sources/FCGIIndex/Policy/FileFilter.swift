internal import PythonPackaging

/// Which files of a source are offered: those that a rule allows, where there are such rules, and that none denies.
public struct FileFilter: Hashable, Sendable, CustomStringConvertible {
    /// One of them must mean a file; none: all files are allowed.
    public var allow: [FileRule] = []
    /// None of them may mean a file.
    public var deny: [FileRule] = []

    /// Offers everything.
    public init() {}

    /// Whether nothing is hidden.
    public var isEmpty: Bool { allow.isEmpty && deny.isEmpty }

    /// Whether it tells files of one project apart, and not only projects.
    public var looksAtFiles: Bool { (allow + deny).contains { !$0.isOfWholeProjects } }

    /// Why no file of `project` is offered, whatever its name, as the end of a sentence; `nil` where some may be.
    func refusal(of project: ProjectName) -> String? {
        if let rule = deny.first(where: { $0.isOfWholeProjects && $0.mayMatch(project) }) {
            return "deny \(rule)"
        }
        if allow.isEmpty || allow.contains(where: { $0.mayMatch(project) }) { return nil }
        return "no allow rule is for the project"
    }

    /// Why `file` of `project` is not offered; `nil` where it is.
    func refusal(of file: DistributionFilename, of project: ProjectName) -> String? {
        if let rule = deny.first(where: { $0.matches(file, of: project) }) { return "deny \(rule)" }
        if allow.isEmpty || allow.contains(where: { $0.matches(file, of: project) }) { return nil }
        return "no allow rule is for the file"
    }

    /// As `config show` writes it.
    public var description: String {
        let parts = [("allow", allow), ("deny", deny)].filter { !$0.1.isEmpty }
        return parts.map { "\($0.0): [\($0.1.map(\.description).joined(separator: ", "))]" }.joined(
            separator: ", "
        )
    }
}
