import FCGIIndex
import Logging
import POSIX

extension Configuration {
    /// How `serve` has files built. Begins to try the sandbox.
    func building() throws(SystemError) -> Service.Building {
        if let builder = build.builder { return .builder(builder) }
        return .here(buildCommand, try SandboxTrial(self))
    }

    /// How one request of CGI has its file built: with these variables instead of the process's, and with no
    /// standard error, which the web server reads to its end before it is done with the request.
    func building(environment: [String: String]) throws(SystemError) -> Service.Building {
        if let builder = build.builder { return .builder(builder) }
        let command = BuildCommand(
            executable: executablePath(),
            environment: environment,
            configurationPath: path,
            isSilent: true
        )
        return .here(command, try SandboxTrial(self))
    }

    /// This program, as it is started for a build.
    var buildCommand: BuildCommand {
        BuildCommand(
            executable: executablePath(),
            environment: processEnvironment(),
            configurationPath: path
        )
    }
}
