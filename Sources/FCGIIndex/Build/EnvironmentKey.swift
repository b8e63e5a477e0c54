internal import Digest

/// One environment to build in: whoever asks for an equal one gets the same directory.
struct EnvironmentKey: Hashable, Sendable {
    /// What is to be installed: the newest that fit, or exactly what an earlier build had.
    enum Wish: Hashable, Sendable {
        case newest([BuildRequirement])
        case exactly(ResolvedEnvironment)
    }

    let wish: Wish
    let interpreter: Interpreter
    let origin: RequirementOrigin
    /// Only wheels count that the index got before this time, in seconds since 1970; `nil`: all.
    var uploadedBefore: Int64?

    /// The lines of a requirements file.
    var lines: [String] {
        switch wish {
        case .newest(let requirements): Set(requirements).sorted().map(\.description)
        case .exactly(let environment): environment.pins
        }
    }

    /// 40 hexadecimal digits.
    var digest: String {
        let limit = uploadedBefore.map { ["before \($0)"] } ?? []
        let parts = [interpreter.path, interpreter.version, origin.text] + limit + lines
        return String(SHA256.hash(Array(parts.joined(separator: "\0").utf8)).description.prefix(40))
    }
}

/// Where build requirements come from.
public enum RequirementOrigin: Hashable, Sendable {
    /// Whatever uv and pip are configured to ask on this machine.
    case tools
    /// The index with this project list.
    case index(String)
    /// The wheels in this directory, and no network.
    case wheelhouse(String)

    var text: String {
        switch self {
        case .tools: ""
        case .index(let url): url
        case .wheelhouse(let path): path
        }
    }

    /// The arguments for an installer that calls its index `option`.
    func arguments(index option: String) -> [String] {
        switch self {
        case .tools: []
        case .index(let url): [option, url]
        case .wheelhouse(let path): ["--no-index", "--find-links", path]
        }
    }
}
