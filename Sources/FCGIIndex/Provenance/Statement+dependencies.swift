internal import PythonPackaging

extension Statement {
    /// Something that went into the file: a resource descriptor of in-toto.
    struct Dependency: Encodable {
        var name: String?
        var uri: String?
        var digest: [String: String]?
        var annotations: [String: String]?

        /// The commit, the object of an annotated tag, the interpreter, and the wheels that were installed.
        static func all(of entry: LedgerEntry) -> [Dependency] {
            let key = entry.key
            let place = "git+\(entry.repositoryURI)@refs/tags/\(PercentEncoding.encodePath(key.tag))"
            var commit = ["gitCommit": key.commit]
            commit["gitTree"] = entry.origin?.tree
            var all = [Dependency(name: "commit", uri: place, digest: commit)]
            if key.tagObject != key.commit {
                var tag = Dependency(name: "tag", uri: place, digest: ["gitTag": key.tagObject])
                tag.annotations = entry.origin?.tagger.map { tagger in
                    [
                        "tagger": "\(tagger.name) <\(tagger.email)>",
                        "taggedOn": Timestamp(tagger.time).description,
                    ]
                }
                all.append(tag)
            }
            guard let environment = entry.environment else { return all }
            all.append(Dependency(name: "python", annotations: ["version": environment.python]))
            return all
                + environment.packages.map { package in
                    Dependency(
                        name: package.name,
                        // A package URL (ECMA-427).
                        uri: "pkg:pypi/\(package.name)@\(PercentEncoding.encode(package.version))",
                        digest: ["sha256": package.sha256]
                    )
                }
        }
    }
}

extension LedgerEntry {
    /// Where the repository is: what the configuration told others, else its path on this machine.
    var repositoryURI: String {
        origin?.repositoryURL ?? "file://" + PercentEncoding.encodePath(repository)
    }
}
