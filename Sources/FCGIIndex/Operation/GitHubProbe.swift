internal import Fetch

/// Asks GitHub for what serving its releases needs, by the rules that serving has: which repositories the owners have, and
/// the releases of one of them.
struct GitHubProbe {
    private let source: GitHubSourceConfiguration
    private let api: GitHubAPI

    init(_ source: GitHubSourceConfiguration) {
        self.source = source
        api = GitHubAPI(source)
    }

    private var subject: String { "Source \"\(source.name)\"" }

    /// What is found where callers bring their own tokens: no more than that somebody answers. Blocks.
    func reach() -> Finding {
        do throws(FetchError) {
            try api.greet()
            return .ok("\(subject): \(api.root) answers.")
        } catch {
            // Without a token it may say so, and then is there.
            if case .refused = error { return .ok("\(subject): \(api.root) answers.") }
            return RemoteTrouble(.failed(error), at: api.root, of: .github(source)).finding
        }
    }

    /// What is found with the server's token, in the order of asking; nothing more is asked once something is in the way.
    /// Blocks.
    func findings(with token: String) -> [Finding] {
        var findings: [Finding] = []
        var first: GitHubRepository?
        var place = api.graphQL
        do throws(FetchError) {
            for owner in source.owners ?? [] {
                let repositories = try repositories(of: owner, token)
                findings.append(finding(of: owner, repositories))
                first = first ?? repositories.names.first
            }
            guard let first else { return findings }
            place = api.root
            _ = try api.newestReleases(of: first, token: token)
            let left = api.remaining.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
            let allowance = left.isEmpty ? "" : "; left in this hour: \(left.joined(separator: ", "))"
            return findings + [.ok("\(subject): \(api.root) has the releases of \(first)\(allowance).")]
        } catch {
            return findings + [RemoteTrouble(.failed(error), at: place, of: .github(source)).finding]
        }
    }

    /// The repositories of `owner` that count and are on the first page of them, and whether there are more.
    private func repositories(
        of owner: String,
        _ token: String
    ) throws(FetchError) -> (names: [GitHubRepository], hasMore: Bool) {
        guard let listed = source.repositories else {
            guard
                let page = try api.answer(to: .repositories(of: owner, after: nil), token: token).repositories
            else { throw .bad("GitHub knows no owner \(owner).") }
            return (page.nodes.compactMap { GitHubRepository($0.name) }, page.next != nil)
        }
        let names = listed.filter { $0.owner == owner }
        for name in names
        where try api.answer(to: .releases(of: name, after: nil), token: token).repository == nil {
            throw .bad("GitHub knows no repository \(name).")
        }
        return (names, false)
    }

    private func finding(of owner: String, _ repositories: (names: [GitHubRepository], hasMore: Bool))
        -> Finding
    {
        let count = repositories.names.count
        if count == 0 {
            return .warning(
                "\(subject): \(api.graphQL) shows no repository of \(owner).",
                fix: source.repositories == nil
                    ? "have the token read *Contents* of its repositories; or leave \"\(owner)\" out of `owners`"
                    : "name one of \(owner) in `repositories`, or leave it out of `owners`"
            )
        }
        let amount = count == 1 ? "1 repository" : "\(count) repositories"
        return .ok(
            "\(subject): \(api.graphQL) shows \(amount) of \(owner)\(repositories.hasMore ? ", and more" : "")."
        )
    }
}
