internal import Glibc
internal import POSIX

/// A builder: whether it answers, and what is left for the responder to write.
extension Checkup {
    /// What is found of the builder at `path`, and of the directories as this user has them beside it.
    func builder(_ path: String) -> [Finding] {
        var findings = answer(of: path)
        let (cache, state) = (configuration.cacheDirectory, configuration.stateDirectory)
        if access(state, R_OK | X_OK) != 0 {
            findings.append(
                .error(
                    "state: \(state) cannot be read by this user. It is the builder's; give both the same group."
                )
            )
        }
        let files = cache + "/files"
        // Root may everything, and is warned already.
        if getuid() != 0, access(files, W_OK) == 0 {
            findings.append(
                .warning(
                    "\(files) can be written by this user: run the builder as another one, or it protects nothing."
                )
            )
        }
        let pages = cache + "/pages"
        if access(pages, W_OK | X_OK) != 0 {
            findings.append(
                .warning(
                    "\(pages) cannot be written by this user, so large pages are sent slower. Make it this user's: "
                        + "install -d -m 2750 -o USER -g GROUP \(pages)"
                )
            )
        }
        if !configuration.directories.isEmpty {
            findings.append(writable(configuration.catalogDirectory, "the catalog"))
        }
        return findings
    }

    private func answer(of path: String) -> [Finding] {
        switch BuilderProbe.ask(at: path, within: .seconds(5)) {
        case .ready(let sandbox):
            [
                .ok("The builder at \(path) answers."),
                Self.confinement(sandbox, of: "the builder's user"),
            ]
        case .absent(let error):
            [
                .error(
                    "The builder is not there (\(error)). Start it: pyindex-fcgi builder, or systemctl start "
                        + "pyindex-builder.socket"
                )
            ]
        case .silent(let reason): [.error("The builder at \(path): \(reason)")]
        }
    }
}
