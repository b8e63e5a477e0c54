extension Configuration {
    /// The files that tell of secrets, of who may have what, or of files that only some may have: no build reads them.
    var secretFiles: [String] {
        let ofSources = sources.flatMap { source -> [String?] in
            switch source {
            case .git, .directory: []
            case .files(let list): [list.path]
            case .github(let github): [github.authentication.file]
            case .simple(let index): [index.netrc, index.credentials?.password.file]
            }
        }
        return ([path, accessGroupsFile] + ofSources).compactMap { $0 }
    }
}

extension GitHubAuthentication {
    /// The path of the token; `nil` where it is in no file.
    fileprivate var file: String? { if case .file(let path) = self { path } else { nil } }
}
