import Foundation
import Glibc
import POSIX

extension Clients {
    /// poetry from PyPI, in a virtual environment of its own; `nil` where there is neither it nor a network.
    static let poetry: String? = {
        let home = Places.package + "/.build/clients-poetry"
        let program = home + "/bin/poetry"
        if access(program, X_OK) == 0 { return program }
        // As for uv: the machine's own pip settings count.
        let environment = ProcessInfo.processInfo.environment
        for command in [
            ["python3", "-m", "venv", home], [home + "/bin/pip", "install", "--quiet", "poetry"],
        ] {
            let run = try? Run(command, environment: environment, limit: .seconds(300))
            if run?.succeeded != true { return nil }
        }
        return program
    }()

    /// Makes a project that needs `requirement`, locks and installs it with poetry, and returns its environment too.
    static func poetryInstall(
        _ requirement: String,
        index: String,
        in directory: String,
        limit: Duration
    ) throws -> (run: Run, environment: String) {
        guard let poetry else { throw Run.Missing(program: "poetry") }
        let project = "\(directory)/project"
        try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
        let text = """
            [project]
            name = "consumer"
            version = "1.0"
            requires-python = ">=3.11"
            dependencies = ["\(requirement)"]

            [tool.poetry]
            package-mode = false

            [[tool.poetry.source]]
            name = "index"
            url = "\(index)"
            priority = "primary"

            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: project + "/pyproject.toml"))
        var environment = Child.environment
        environment["POETRY_CACHE_DIR"] = directory + "/poetry"
        environment["POETRY_VIRTUALENVS_IN_PROJECT"] = "true"
        let run = try Run(
            [poetry, "install", "--no-interaction", "--no-root", "--directory", project],
            environment: environment,
            limit: limit
        )
        return (run, project + "/.venv")
    }
}
