import Foundation
import Glibc
import POSIX

/// Requests by curl, for what the tests' own client does not speak: TLS, HTTP/2, other addresses.
extension Site {
    var scheme: String { settings.hasTLS ? "https" : "http" }

    func url(_ path: String) -> String {
        "\(scheme)://127.0.0.1:\(port)\(path.hasPrefix("/") ? path : base + path)"
    }

    /// Runs curl for a path, with this site's authority, and its password or certificate where it asks for one, but for
    /// no `credentials`.
    func curl(
        _ path: String,
        _ options: [String] = [],
        credentials: String? = Security.credentials,
        limit: Duration = .seconds(60)
    ) throws -> Run {
        try Run(try curlCommand(path, options, credentials: credentials), limit: limit)
    }

    /// That command.
    func curlCommand(
        _ path: String,
        _ options: [String],
        credentials: String? = Security.credentials
    ) throws -> [String] {
        guard let program = Program.find("curl", in: Child.environment["PATH"] ?? "") else {
            throw Run.Missing(program: "curl")
        }
        var command = [program, "--silent", "--show-error", "--path-as-is"]
        if let security { command += ["--cacert", security.authority.certificate] }
        if settings.isSecured, let credentials { command += ["--user", credentials] }
        if settings.nginx == .clientCertificates, credentials != nil, let client = security?.client {
            command += ["--cert", client + ".crt", "--key", client + ".key"]
        }
        return command + options + [url(path)]
    }

    /// The answer to one request by curl, over HTTP/1.1.
    func fetch(
        _ path: String,
        _ options: [String] = [],
        credentials: String? = Security.credentials,
        within limit: Duration = .seconds(60)
    ) throws -> Answer {
        let file = "\(directory)/answer-\(UUID().uuidString)"
        defer { unlink(file) }
        let options = ["--http1.1", "--include", "--raw", "--output", file] + options
        let run = try curl(path, options, credentials: credentials, limit: limit)
        guard run.succeeded, let bytes = try File.readIfPresent(file) else {
            throw Exchange.Failure(reason: "curl: \(run.output)")
        }
        return try Answer(bytes)
    }

    /// The SHA-256 of what a path has, or of some of its ranges one after the other.
    func digest(of path: String, ranges: [String] = []) throws -> String {
        let options = ranges.isEmpty ? [["--fail"]] : ranges.map { ["--fail", "--range", $0] }
        let downloads = try options.map { options in
            try curlCommand(path, options).map { "'\($0)'" }.joined(separator: " ")
        }
        let script = "{ \(downloads.joined(separator: " && ")) || echo failed; } | sha256sum"
        return String(try Run(["sh", "-c", script]).output.prefix(64))
    }
}
