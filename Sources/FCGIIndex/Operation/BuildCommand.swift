internal import FoundationEssentials
public import POSIX
internal import PythonPackaging

/// The build command as the responder starts it: this program itself, with the key as an argument.
public struct BuildCommand: Sendable {
    private let executable: String
    private let environment: [String: String]
    private let configurationPath: String
    private let isSilent: Bool

    /// - Parameters:
    ///   - executable: this program's file.
    ///   - environment: this process's; the recipe gets only the documented part of it.
    ///   - configurationPath: the file to read again.
    ///   - isSilent: whether its messages go nowhere; what is built has a log of its own anyhow.
    public init(
        executable: String,
        environment: [String: String],
        configurationPath: String,
        isSilent: Bool = false
    ) {
        self.isSilent = isSilent
        self.executable = executable
        self.environment = environment
        self.configurationPath = configurationPath
    }

    /// The program that builds `key` in `sandbox`; its messages go to the responder's standard error.
    ///
    /// - Parameter isAhead: nobody waits for it, so it gives way to everything else.
    public func program(for key: BuildKey, sandbox: Sandbox, isAhead: Bool = false) -> Program {
        var program = Program(
            [
                executable, "build", key.project.normalized, key.version.description,
                "--config", configurationPath, "--sandbox", sandbox.argument, "--key", Self.encode(key),
            ] + (isAhead ? ["--ahead"] : []),
            environment: environment
        )
        program.error = isSilent ? nil : 2
        return program
    }

    /// The program that builds the published file of `key` once more, to know whether it comes back the same.
    public func proof(of key: BuildKey, sandbox: Sandbox) -> Program {
        var program = program(for: key, sandbox: sandbox, isAhead: true)
        program.arguments.append("--prove")
        return program
    }

    /// A key as one line of JSON.
    static func encode(_ key: BuildKey) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A key is strings and numbers; encoding them cannot fail.
        return ((try? encoder.encode(key)).map { String(decoding: $0, as: UTF8.self) }) ?? ""
    }

    /// Reads what `encode` wrote; `nil` for anything else.
    public static func decode(_ text: String) -> BuildKey? {
        try? JSONDecoder().decode(BuildKey.self, from: Data(text.utf8))
    }
}

extension Sandbox {
    /// As the build command's `--sandbox` takes it.
    var argument: String {
        switch self {
        case .bubblewrap(let path): path
        case .none: "none"
        case .unneeded: "unneeded"
        }
    }

    /// Reads `argument` back.
    public init(argument: String) {
        switch argument {
        case "none": self = .none
        case "unneeded": self = .unneeded
        default: self = .bubblewrap(argument)
        }
    }
}
