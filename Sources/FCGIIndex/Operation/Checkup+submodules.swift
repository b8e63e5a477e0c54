internal import Git

extension Checkup {
    /// The repositories that stand for submodules.
    func submodules(_ source: GitSourceConfiguration) -> [Finding] {
        Set(source.allRecipes.flatMap(\.submodules.values)).sorted().map { path in
            do throws(GitError) {
                _ = try Repository(path: path, trustOwner: source.trustOwner)
                return .ok("Source \"\(source.name)\": \(path), for submodules, can be read.")
            } catch { return .error("Source \"\(source.name)\", submodules: \(error)") }
        }
    }
}
