extension Route {
    /// What the paths of an index begin with, below its mount.
    static let words: Set<String> = ["simple", "files", "integrity", "pypi", "packages", "health", "-"]

    /// What the paths begin with that concern the whole process, below the base path.
    static let ofProcess: Set<String> = ["health", "-"]

    /// The segment by which `path` goes on below `base`; `nil` where it does not lie below it.
    static func first(of path: BasePath, below base: BasePath) -> String? {
        guard path.prefix.hasPrefix(base.prefix + "/") else { return nil }
        return path.prefix.dropFirst(base.prefix.count + 1).split(separator: "/").first.map(String.init)
    }
}
