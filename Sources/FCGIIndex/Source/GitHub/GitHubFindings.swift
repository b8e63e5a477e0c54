internal import PythonPackaging

/// What there is of a project.
struct GitHubFindings {
    struct Withheld {
        let name: String
        let version: Version?
        let reason: String
    }

    let name: ProjectName
    let isClaimed: Bool
    /// Oldest version first.
    var files: [RemotePage.File] = []
    /// Where they are.
    var repositories: [GitHubRepository] = []
    var withheld: [Withheld] = []
    /// As many more are withheld.
    var unnamed = 0
    /// When GitHub was asked for the oldest part of it, in nanoseconds since 1970.
    var checked: Int64?

    func answer(in source: String) -> ProjectAnswer {
        if files.isEmpty && !isClaimed { return .absent }
        let listed = files.map { $0.listed(in: source, isHere: true) }
        return .page(ProjectPage(name: name, files: listed, checked: checked.map { $0 / 1_000_000_000 }))
    }

    /// Why it has a say, in words.
    var reason: String? {
        if repositories.isEmpty { return isClaimed ? "claims it by packages" : nil }
        return "has it in \(repositories.map(\.description).joined(separator: ", "))"
    }
}
