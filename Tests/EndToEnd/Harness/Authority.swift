import Foundation
import POSIX

/// A certificate authority of a test's own, made with openssl, and what it has signed.
struct Authority {
    struct Failed: Error { let output: String }

    private let directory: String
    private let name: String

    /// Its own certificate, for those who shall trust it.
    var certificate: String { "\(directory)/\(name).crt" }

    /// Makes keys and certificate; there may be several in a directory, by name.
    init(_ name: String, in directory: String) throws {
        self.directory = directory
        self.name = name
        try Self.request(
            "\(directory)/\(name)",
            ["-subj", "/CN=Test authority \(name)", "-addext", "keyUsage=critical,keyCertSign"]
        )
    }

    /// Signs a certificate for `subject`, such as `/OU=developers/CN=alice`, which is this machine's on loopback too.
    ///
    /// - Returns: the path of it and of its key, but for `.crt` and `.key`.
    func sign(_ subject: String, as file: String) throws -> String {
        let path = "\(directory)/\(file)"
        try Self.request(
            path,
            [
                "-CA", certificate, "-CAkey", "\(directory)/\(name).key", "-subj", subject,
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-addext", "basicConstraints=critical,CA:FALSE",
            ]
        )
        return path
    }

    private static func request(_ path: String, _ options: [String]) throws {
        let run = try Run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days", "2", "-keyout", path + ".key", "-out", path + ".crt",
            ] + options
        )
        if !run.succeeded { throw Failed(output: run.output) }
    }
}
