import Glibc
import POSIX

/// A TLS server of OpenSSL's own, with certificates of a CA made for one test. It sends files of its directory, which
/// are whole answers.
public final class TLSServer {
    /// Where the files lie.
    public let directory: String
    private var child: Int32 = -1
    /// Its port on loopback.
    public private(set) var port = 0

    /// The certificate of the CA.
    public var caFile: String { directory + "/ca.pem" }

    /// - Parameters:
    ///   - name: the host that the certificate is for.
    ///   - days: for how long; negative for one that has expired.
    public init(name: String, days: Int) throws {
        directory = "/tmp/tls-test-\(Temporary.suffix())"
        try Directory.create(directory, mode: 0o700)
        try File.replace(
            directory + "/hello",
            with: Array("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8)
        )
        let down = "HTTP/1.0 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n"
        try File.replace(directory + "/down", with: Array(down.utf8))
        let end = try Termination(
            waitingFor: program(
                """
                set -e; exec 2>/dev/null
                openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=test-ca -days 2 -keyout ca.key -out ca.pem
                openssl req -newkey rsa:2048 -nodes -subj /CN=\(name) -keyout key.pem -out request.pem
                printf 'subjectAltName=DNS:\(name)\\n' > names
                openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days \(days) -extfile names \
                    -out certificate.pem
                """
            ).start()
        )
        guard end == .exited(0) else { throw NotStarted() }
        child = try program(
            "exec openssl s_server -HTTP -cert certificate.pem -key key.pem -accept 127.0.0.1:0 > log 2>&1"
        ).start()
        _ = try eventually {
            let log = String(decoding: try File.readIfPresent(directory + "/log") ?? [], as: UTF8.self)
            if let line = log.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT") }) {
                port = line.split(separator: ":").last.flatMap { Int($0) } ?? 0
            }
            return port != 0
        }
        if port == 0 { throw NotStarted() }
    }

    struct NotStarted: Error {}

    deinit {
        if child > 0 {
            kill(child, SIGTERM)
            _ = try? Termination(waitingFor: child)
        }
        try? Directory.remove(directory)
    }

    private func program(_ script: String) -> Program {
        var program = Program(
            ["/bin/sh", "-c", script],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: directory
        )
        program.error = 2
        return program
    }
}
