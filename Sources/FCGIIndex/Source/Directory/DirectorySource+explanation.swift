public import PythonPackaging

extension DirectorySource {
    /// What it has of the project and why, and which files of it are not listed.
    public func explanation(of name: ProjectName) -> Explanation {
        let claim = configuration.packages?.first { $0.matches(name) }
        var explanation = Explanation(
            of: configuration.name,
            reason: claim.map { "claims it by packages = \"\($0)\"" }
        ) { () throws(SourceError) in try project(name) }
        guard case .page = explanation.outcome, let skipped = try? skippedFiles(of: name) else {
            return explanation
        }
        for file in skipped {
            explanation.withhold(file.shownPath, nil, of: configuration.name, file.reason.rawValue)
        }
        return explanation
    }
}
