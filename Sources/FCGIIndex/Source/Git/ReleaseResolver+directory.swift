internal import Git
internal import PythonPackaging

extension ReleaseResolver {
    /// Where in `tree` the project lies: in `place`, if that is there; without one, where it is found.
    func directory(
        _ place: String?,
        of name: ProjectName,
        _ version: Version,
        _ tree: ObjectID,
        in repository: borrowing Repository
    ) throws(GitError) -> Result<String, Skip> {
        if let place {
            if try repository.entry(at: place, in: tree)?.kind == .tree { return .success(place) }
            return .failure(Skip(reason: "Its tree has no directory \"\(place)\"."))
        }
        guard let found = try trees.project(name, of: tree, in: repository) else {
            return .failure(
                Skip(
                    reason:
                        "Its tree has no project \"\(name)\": no pyproject.toml or setup.cfg that is looked at "
                        + "has this name."
                )
            )
        }
        if let rival = found.rival {
            return .failure(
                Skip(reason: "Its tree has \"\(name)\" twice, in \"\(found.directory)\" and \"\(rival)\".")
            )
        }
        if let written = found.version, written != version {
            let place = found.directory.isEmpty ? "" : " in \"\(found.directory)\""
            return .failure(
                Skip(reason: "Its tree has \(name) \(written)\(place), and not \(version) as the tag says.")
            )
        }
        return .success(found.directory)
    }
}
