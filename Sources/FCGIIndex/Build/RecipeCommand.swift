internal import Glibc
internal import POSIX

/// The program and arguments of a recipe, found on this machine.
enum RecipeCommand {
    /// The arguments to run, the absolute path of the program first.
    ///
    /// - Parameters:
    ///   - directory: the package's directory, which a program with a slash in its name is relative to.
    ///   - path: the directories to look in, as in `$PATH`.
    static func arguments(
        _ command: [String],
        in directory: String,
        path: String
    ) throws(BuildFailure) -> [String] {
        // The configuration lets no empty command through.
        let name = command.first ?? ""
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
}
