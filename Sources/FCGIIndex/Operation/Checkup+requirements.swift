internal import POSIX

extension Checkup {
    /// Whether wheels of the commit's day can be told from others, where a source asks for them.
    ///
    /// - Parameter path: the directories of programs, as in `$PATH`.
    static func requirements(
        _ source: GitSourceConfiguration,
        from origin: RequirementOrigin,
        path: String = BuildEnvironment.current.path
    ) -> [Finding] {
        guard source.allRecipes.contains(where: { $0.requirementsTime == .commit }) else { return [] }
        let subject = "Source \"\(source.name)\": requirements-as-of = \"commit\""
        if case .wheelhouse = origin {
            return [.warning("\(subject) has no effect, since the wheelhouse is taken as it is.")]
        }
        if Program.find("uv", in: path) == nil {
            return [.error("\(subject) needs uv, which is not on PATH.")]
        }
        return []
    }
}
