/// Whose server is asked, and what its part of the configuration says about asking: what advice is made of.
enum RemoteParty {
    case index(SimpleSourceConfiguration)
    case github(GitHubSourceConfiguration)

    /// The name of the source.
    var source: String {
        switch self {
        case .index(let index): index.name
        case .github(let github): github.name
        }
    }

    var caFile: String? {
        switch self {
        case .index(let index): index.caFile
        case .github(let github): github.caFile
        }
    }

    /// Hosts that are named besides those of its URLs.
    var hosts: [String]? {
        switch self {
        case .index(let index): index.hosts
        case .github(let github): github.hosts
        }
    }

    /// What its URL should be, where nothing of use is there.
    var rightURL: String {
        switch self {
        case .index:
            "`url` is the one that pip would be given as --index-url, mostly with /simple/ at its end"
        case .github:
            "`api-url` is \"https://api.github.com/\", or \"https://HOST/api/v3/\" of a GitHub Enterprise, and "
                + "`owners` and `repositories` are names of that GitHub"
        }
    }

    /// What it says by refusing, at the end of a sentence.
    ///
    /// - Parameter host: which was asked.
    func refusal(by host: String) -> String {
        switch self {
        case .github(let github): return "it does not take the token in \(github.authentication.place)."
        case .index(let index):
            if let credentials = index.credentials {
                return "it does not take the password of \(credentials.username)."
            }
            guard let netrc = index.netrc else { return "it wants a user and a password." }
            return "it does not take what \(netrc) has for \(host)."
        }
    }

    /// What to do about a refusal.
    ///
    /// - Parameter host: which was asked.
    func credentials(for host: String) -> String {
        switch self {
        case .github(let github):
            return
                "put a token there that may read *Contents* of the repositories: \(github.authentication.place)"
        case .index(let index):
            switch index.credentials?.password {
            case .file(let path)?: return "correct `username`, or the password in \(path)"
            case .variable(let name)?: return "correct `username`, or the password in the variable \(name)"
            case nil: break
            }
            let line = "`machine \(host) login USER password PASSWORD`"
            guard let netrc = index.netrc else {
                return "`netrc = \"/etc/pyindex/netrc\"` in the source, and in that file \(line)"
            }
            return "correct \(line) in \(netrc)"
        }
    }
}

extension GitHubAuthentication {
    /// Where the token is, as a person would look for it.
    fileprivate var place: String {
        switch self {
        case .callers: "each caller's request"
        case .file(let path): path
        case .variable(let name): "the variable \(name)"
        }
    }
}
