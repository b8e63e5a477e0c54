internal import Glibc
internal import POSIX

/// The program and arguments of a recipe, found on this machine.
enum RecipeCommand {
    /// The arguments to run, the absolute path of the program first.
    ///
    /// Blocks for a moment where the default recipe has to ask python3 for its module `build`.
    /// - Parameters:
    ///   - directory: the package's directory, which a program with a slash in its name is relative to.
    ///   - artifacts: the absolute directory that the default recipe leaves its archive in.
    ///   - path: the directories to look in, as in `$PATH`.
    static func arguments(
        _ recipe: Recipe,
        in directory: String,
        artifacts: String,
        path: String
    ) throws(BuildFailure) -> [String] {
        guard let command = recipe.command, let name = command.first else {
            return try defaultArguments(artifacts: artifacts, path: path)
        }
        if name.contains("/") && !name.hasPrefix("/") {
            let program = "\(directory)/\(name)"
            if access(program, X_OK) == 0 { return [program] + command.dropFirst() }
            throw BuildFailure(.source, "The build command \(name) is not an executable file of the package.")
        }
        guard let program = Program.find(name, in: path) else {
            throw BuildFailure(.infrastructure, "The build command \(name) is not installed.")
        }
        return [program] + command.dropFirst()
    }

    private static func defaultArguments(artifacts: String, path: String) throws(BuildFailure) -> [String] {
        if let uv = Program.find("uv", in: path) {
            return [uv, "build", "--sdist", "--out-dir", artifacts]
        }
        if let python = Program.find("python3", in: path), hasBuildModule(python, path: path) {
            return [python, "-m", "build", "--sdist", "--outdir", artifacts]
        }
        throw BuildFailure(
            .infrastructure,
            "Neither uv nor python3 with the module build is installed; install one, or set build-command."
        )
    }

    private static func hasBuildModule(_ python: String, path: String) -> Bool {
        // -I: neither this directory nor the user's own modules, which the recipe will not have either.
        let question = Program(
            [python, "-I", "-c", "import build.__main__"],
            environment: ["PATH": path, "HOME": "/nonexistent"],
            directory: "/"
        )
        guard let id = try? question.start(), let end = try? Termination(waitingFor: id) else { return false }
        return end == .exited(0)
    }
}
