import Foundation
import Glibc
import POSIX

/// pip and uv, in virtual environments below `.build`.
enum Clients {
    private static let home = Places.package + "/.build/clients"

    /// pip as this machine's Python brings it.
    static let pip: String = {
        let program = home + "/bin/pip"
        if access(program, X_OK) != 0 { _ = try? Run(["python3", "-m", "venv", home], limit: .seconds(120)) }
        return program
    }()

    /// uv from PyPI, or as it is installed; `nil` where there is neither it nor a network.
    static let uv: String? = {
        if let installed = Program.find("uv", in: Child.environment["PATH"] ?? "") { return installed }
        let program = home + "/bin/uv"
        if access(program, X_OK) == 0 { return program }
        // The one place where the machine's own pip settings count: it may need its mirror or proxy.
        let environment = ProcessInfo.processInfo.environment
        let run = try? Run([pip, "install", "--quiet", "uv"], environment: environment, limit: .seconds(300))
        return run?.succeeded == true ? program : nil
    }()

    /// The clients that are here.
    static let names = uv == nil ? ["pip"] : ["pip", "uv"]

    /// A fresh environment to install into; returns its directory.
    static func makeEnvironment(in directory: String) throws -> String {
        let path = "\(directory)/venv-\(UUID().uuidString.prefix(8))"
        let run = try Run(["python3", "-m", "venv", "--without-pip", path], limit: .seconds(120))
        if !run.succeeded { throw Monorepo.Failed(arguments: ["venv"], output: run.output) }
        return path
    }

    /// Runs pip for the interpreter of `environment`, with an index and nothing else.
    static func pip(_ arguments: String..., index: String, into environment: String? = nil) throws -> Run {
        try pip(arguments, index: index, into: environment)
    }

    static func pip(
        _ arguments: [String],
        index: String,
        into environment: String? = nil,
        limit: Duration = .seconds(120)
    ) throws -> Run {
        let interpreter = environment.map { ["--python", $0 + "/bin/python"] } ?? []
        let options = ["--index-url", index, "--no-cache-dir"]
        return try Run([pip] + interpreter + arguments + options, limit: limit)
    }

    /// Runs `uv pip` likewise.
    static func uv(_ arguments: String..., index: String, into environment: String) throws -> Run {
        try uv(arguments, index: index, into: environment)
    }

    static func uv(
        _ arguments: [String],
        index: String,
        into environment: String,
        trusting authority: String? = nil,
        limit: Duration = .seconds(120)
    ) throws -> Run {
        guard let uv else { throw Run.Missing(program: "uv") }
        let options = ["--default-index", index, "--no-cache", "--python", environment + "/bin/python"]
        var variables = Child.environment
        variables["SSL_CERT_FILE"] = authority
        return try Run([uv, "pip"] + arguments + options, environment: variables, limit: limit)
    }
}
