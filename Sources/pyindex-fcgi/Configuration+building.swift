import FCGIIndex
import Logging
import POSIX

extension Configuration {
    /// How `serve` has files built.
    ///
    /// - Throws: `BuildFailure` where they are to be confined here and cannot be.
    func building(_ logger: Logger) throws -> Service.Building {
        if let builder = build.builder { return .builder(builder) }
        return .here(buildCommand, try detectSandbox(logger))
    }

    /// How one request of CGI has its file built: with these variables instead of the process's, and with no
    /// standard error, which the web server reads to its end before it is done with the request.
    func building(_ logger: Logger, environment: [String: String]) throws -> Service.Building {
        if let builder = build.builder { return .builder(builder) }
        let command = BuildCommand(
            executable: executablePath(),
            environment: environment,
            configurationPath: path,
            isSilent: true
        )
        return .here(command, try Sandbox.detect(build.sandbox))
    }

    /// This program, as it is started for a build.
    var buildCommand: BuildCommand {
        BuildCommand(
            executable: executablePath(),
            environment: processEnvironment(),
            configurationPath: path
        )
    }

    /// What confines builds; says so in the log when nothing does.
    func detectSandbox(_ logger: Logger) throws -> Sandbox {
        let sandbox = try Sandbox.detect(build.sandbox)
        if sandbox == .none {
            logger.warning("Builds are not confined: sandbox is \"none\" in the configuration.")
        }
        return sandbox
    }
}
