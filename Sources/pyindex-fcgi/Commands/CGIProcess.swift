import FCGIIndex
import FastCGI
import Glibc
import Logging
import POSIX

/// The program as a CGI script: no command, no options, one answer on standard output.
///
/// Arguments count for nothing here: a web server makes them of the query (RFC 3875 §4.4), so they are the client's.
enum CGIProcess {
    static func run(_ environment: [String: String]) -> Never {
        // Only what was written is lost when the web server goes.
        signal(SIGPIPE, SIG_IGN)
        let logger = Logger(label: "pyindex-fcgi") { StreamLogHandler.standardError(label: $0) }
        let response: Response?
        do {
            let configuration = try Configuration(
                contentsOf: Configuration.find(explicit: nil, environment: environment)
            )
            let request = SingleRequest(configuration, environment: environment, logger: logger)
            response = try request.answer {
                try configuration.building(environment: SingleRequest.environment(without: environment))
            }
        } catch let error as ConfigurationError {
            logger.error("\(error)")
            response = failure(500, "Internal Server Error", "The index is not configured: see the log.")
        } catch {
            logger.error("\(error)")
            response = failure(503, "Service Unavailable", "The index is not available, try again.")
        }
        StandardInput.discard(environment["CONTENT_LENGTH"])
        exit(response.map { $0.write(to: 1) } ?? true ? 0 : 1)
    }

    private static func failure(_ status: Int, _ reason: String, _ text: String) -> Response {
        Response(
            status: status,
            reason: reason,
            [
                ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ] + (status == 503 ? [("Retry-After", "5")] : []),
            body: Array((text + "\n").utf8)
        )
    }
}
