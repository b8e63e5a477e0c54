internal import Digest
internal import Fetch

/// Who asks GitHub, and for whose repositories.
struct GitHubVisitor: Sendable {
    /// In lower case.
    let owners: [String]
    /// What is kept for them and nobody else; `nil` for what is everybody's.
    let scope: SHA256Digest?
    let token: @Sendable () throws(FetchError) -> String
    let ask: RemotePages<GitHubReleases>.Ask

    func key(_ repository: GitHubRepository) -> GitHubReleases.Key {
        GitHubReleases.Key(repository: repository, scope: scope)
    }
}

extension GitHubSource {
    /// Who asks: the server, or the caller whose request this thread answers.
    ///
    /// - Throws: what keeps this caller from asking.
    func visitor() throws(SourceError) -> GitHubVisitor {
        let authentication = configuration.authentication
        guard authentication == .callers else {
            return visitor(configuration.owners ?? [], scope: nil) { () throws(FetchError) in
                try GitHubToken.read(authentication)
            }
        }
        guard let credentials = CallersCredentials.current else {
            throw .unauthenticated(
                source: configuration.name,
                reason: "It wants the owner as the user name, and a token of GitHub as the password."
            )
        }
        guard let owner = GitHubRepository.owner(credentials.user),
            configuration.owners?.contains(owner) ?? true
        else {
            throw .forbidden(
                source: configuration.name,
                reason: "The user name is no owner of repositories here"
            )
        }
        let token = credentials.password
        return visitor([owner], scope: credentials.scope) { token }
    }

    private func visitor(
        _ owners: [String],
        scope: SHA256Digest?,
        _ token: @escaping @Sendable () throws(FetchError) -> String
    ) -> GitHubVisitor {
        let api = api
        return GitHubVisitor(owners: owners, scope: scope, token: token) { key, kept throws(FetchError) in
            try api.releases(of: key.repository, instead: kept, token: try token())
        }
    }

    /// What GitHub says to a caller's own token is said to the caller.
    func personally<Value>(_ body: () throws(SourceError) -> Value) throws(SourceError) -> Value {
        do throws(SourceError) {
            return try body()
        } catch {
            guard isPersonal, case .refused(let source, let status, _) = error else { throw error }
            if status == 401 {
                throw .unauthenticated(source: source, reason: "GitHub does not know the token.")
            }
            throw .forbidden(source: source, reason: "GitHub does not let the token see this")
        }
    }
}
