public import PythonPackaging

extension GitSource {
    /// What it has of the project and why, and which tags of it release nothing.
    public func explanation(of name: ProjectName) -> Explanation {
        let claim = configuration.packages?.first { $0.matches(name) }
        var explanation = Explanation(
            of: configuration.name,
            reason: claim.map { "claims it by packages = \"\($0)\"" } ?? "has tags of it"
        ) { () throws(SourceError) in try project(name) }
        guard case .page = explanation.outcome, let resolution = try? resolution(of: name) else {
            return explanation
        }
        for tag in resolution.skipped {
            explanation.withhold(
                tag.tag,
                nil,
                of: configuration.name,
                "The tag releases nothing: \(tag.reason)"
            )
        }
        guard configuration.list == .built else { return explanation }
        for release in resolution.releases where explanation.origins[filename(release, of: name)] == nil {
            let reason = "It is not built, and list = \"built\"."
            explanation.withhold(filename(release, of: name), release.version, of: configuration.name, reason)
        }
        return explanation
    }

    private func filename(_ release: Release, of name: ProjectName) -> String {
        SourceDistributionFilename(project: name, version: release.version).description
    }
}
