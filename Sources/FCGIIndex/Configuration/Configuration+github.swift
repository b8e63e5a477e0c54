internal import Fetch
internal import PythonPackaging

extension ConfigurationReader {
    mutating func githubSource(_ section: Section, name: String?) -> GitHubSourceConfiguration? {
        let before = issues.count
        let passThrough = read(.passThrough, in: section) { $0.boolean } ?? false
        let owners = owners(section, mayBeAnybody: passThrough)
        let authentication = authentication(section, passThrough: passThrough)
        let prereleases = read(.prereleases, in: section) { $0.boolean }
        let packages = packages(section, .releasedPackages)
        let mode = read(.githubMode, in: section) { $0.string.flatMap { GitHubMode(rawValue: $0) } }
        let maxAge = seconds(.githubMaxAge, in: section)
        let hosts = node(.githubHosts, in: section)?.strings
        let caFile = resolvedPath(.githubCAFile, in: section)
        let api = read(.apiURL, in: section) { node throws(ValueProblem) in
            try node.string.map { text throws(ValueProblem) in try Self.apiURL(text, isRoot: true) }
        }
        let graphQL = read(.graphQLURL, in: section) { node throws(ValueProblem) in
            try node.string.map { text throws(ValueProblem) in try Self.apiURL(text, isRoot: false) }
        }
        checkHosts(hosts ?? [], in: section)
        let lookup = lookup(section, passThrough: passThrough)
        let repositories = repositories(section, of: owners ?? [], lookup)
        let rename = rename(section, lookup)
        guard let name, let authentication, let prereleases, let mode, let maxAge, let api,
            issues.count == before
        else { return nil }
        var source = GitHubSourceConfiguration(
            name: name,
            owners: owners == ["*"] ? nil : owners,
            authentication: authentication
        )
        source.repositories = repositories
        source.lookup = lookup
        source.rename = rename
        source.includesPrereleases = prereleases
        source.packages = packages
        source.mode = mode
        source.maxAge = maxAge
        source.hosts = hosts.map { $0.map { $0.lowercased() } }
        source.caFile = caFile
        source.apiURL = api
        source.graphQLURL = graphQL ?? GitHubSourceConfiguration.graphQL(beside: api)
        return source
    }

    /// Logins in lower case, or `*` alone.
    private mutating func owners(_ section: Section, mayBeAnybody: Bool) -> [String]? {
        guard let texts = node(.owners, in: section)?.strings else { return nil }
        let path = section.path.appending(ConfigurationKey.owners.name)
        if texts.isEmpty { report("is empty, so nothing could be released; name an owner.", at: path) }
        if texts == ["*"] {
            if !mayBeAnybody {
                report("\"*\" is everybody only with pass-through = true; name the owners.", at: path)
            }
            return texts
        }
        return texts.enumerated().compactMap { index, text in
            if let owner = GitHubRepository.owner(text) { return owner }
            report(
                "\(TOMLNode.string(text).text) is no account or organization; write its name alone, such as \"acme\".",
                at: path.appending(index)
            )
            return nil
        }
    }

    /// Who proves who asks: one way of three.
    private mutating func authentication(_ section: Section, passThrough: Bool) -> GitHubAuthentication? {
        let file = resolvedPath(.tokenFile, in: section)
        let variable = read(.tokenVariable, in: section) { node throws(ValueProblem) -> String? in
            guard let text = node.string else { return nil }
            // What starts so is a header of a request, where a request is a process.
            guard RecipeEnvironment.isName(text), !text.hasPrefix("HTTP_") else {
                throw ValueProblem(
                    "is no name of a variable (letters, digits and \"_\"); a token itself is never written here."
                )
            }
            return text
        }
        let keys: [ConfigurationKey] = [.tokenFile, .tokenVariable]
        let written = keys.filter { section.values[$0.name] != nil }
        if passThrough, let key = written.first {
            report(
                "means nothing with pass-through = true, where callers bring their own; leave one of them out.",
                at: section.path.appending(key.name)
            )
        } else if written.count > 1 {
            report(
                "the token has one place; leave token-file or token-variable out.",
                at: section.path.appending(ConfigurationKey.tokenVariable.name)
            )
        } else if !passThrough && written.isEmpty {
            report(
                "nothing says whose token GitHub is asked with; write \(ConfigurationKey.tokenFile.example), "
                    + "\(ConfigurationKey.tokenVariable.example), or pass-through = true.",
                at: section.path
            )
        }
        if passThrough { return .callers }
        if let file { return .file(file) }
        return variable.map { .variable($0) }
    }

    private mutating func lookup(_ section: Section, passThrough: Bool) -> GitHubLookup {
        let usual = passThrough ? GitHubLookup.repository : .files
        let lookup = read(.lookup, in: section) { $0.string.flatMap { GitHubLookup(rawValue: $0) } } ?? usual
        if passThrough && lookup == .files {
            report(
                "\"files\" looks at everything an owner has, so it needs a token of the server's; with pass-through = "
                    + "true leave it out.",
                at: section.path.appending(ConfigurationKey.lookup.name)
            )
        }
        return lookup
    }

    private mutating func repositories(
        _ section: Section,
        of owners: [String],
        _ lookup: GitHubLookup
    ) -> [GitHubRepository]? {
        guard let texts = node(.repositories, in: section)?.strings else { return nil }
        let path = section.path.appending(ConfigurationKey.repositories.name)
        if lookup == .repository {
            report(
                "means nothing with lookup = \"repository\", where a project's name says its own.",
                at: path
            )
        }
        if texts.isEmpty {
            report(
                "is empty, so nothing could be released; leave the key out for all of the owners'.",
                at: path
            )
        }
        return texts.enumerated().compactMap { index, text in
            let repository = GitHubRepository(text)
            if let repository, owners.contains(repository.owner) { return repository }
            let reason =
                repository == nil
                ? "is no repository; write owner/name, such as \"acme/wheels\"."
                : "is not of one of owners; add its owner there."
            report("\(TOMLNode.string(text).text) \(reason)", at: path.appending(index))
            return nil
        }
    }

    private mutating func rename(_ section: Section, _ lookup: GitHubLookup) -> [RepositoryRename] {
        let rules = sections("rename", in: section)
        if lookup == .files && !rules.isEmpty {
            report(
                "means nothing with lookup = \"files\", where the names of files say their projects; write lookup = "
                    + "\"repository\" if a project's name shall say its repository.",
                at: section.path.appending("rename")
            )
        }
        return rules.compactMap { rule in
            check(rule, has: [.rename])
            let pattern = read(.renamePattern, in: rule) { $0.string }
            let replacement = read(.renameReplacement, in: rule) { $0.string }
            guard let pattern, let replacement else { return nil }
            do throws(ValueProblem) {
                return try RepositoryRename(pattern: pattern, replacement: replacement)
            } catch {
                report(error.message, at: rule.path)
                return nil
            }
        }
    }

    private static func apiURL(_ text: String, isRoot: Bool) throws(ValueProblem) -> String {
        let url = try IndexURL(text).text
        // The root gets a slash at its end, which the other one must not have.
        let written = isRoot || text.hasSuffix("/") ? url : String(url.dropLast())
        guard let read = WebURL(written) else { throw ValueProblem("is no http:// or https:// URL.") }
        return read.description
    }

    /// Names that anybody may bring an owner for are nobody's here, so another index would be asked for them too.
    mutating func checkAnybody(_ sources: [SourceConfiguration]) {
        guard sources.contains(where: \.isOtherIndex) else { return }
        for (index, source) in sources.enumerated() {
            guard case .github(let github) = source, github.owners == nil else { continue }
            report(
                "[\"*\"] cannot stand in one configuration with another index (type = \"simple\"): whose a name is would be "
                    + "decided by who asks. Name the owners.",
                at: TOMLPath.root.appending("source").appending(index).appending(ConfigurationKey.owners.name)
            )
        }
    }
}
