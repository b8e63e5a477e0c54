internal import PythonPackaging

/// URLs of files, which name project, identity and file name and nothing else.
enum FileURL {
    /// From a project's page, so relative: the index works under any prefix.
    static func fromPage(_ name: ProjectName, _ identity: Identity, _ filename: String) -> String {
        "../../" + path(name, identity, filename)
    }

    /// From the base path, without a slash in front. It is the path in the store too.
    static func path(_ name: ProjectName, _ identity: Identity, _ filename: String) -> String {
        "files/\(name.normalized)/\(identity)/\(PercentEncoding.encode(filename))"
    }
}
