internal import FastCGI
internal import Glibc
internal import POSIX

/// Whether the responder has threads for the connections that nginx keeps: each that idles holds one.
struct KeptConnectionsCheck: MachineCheck {
    /// Threads for connections that are not kept, such as those of other locations.
    private static let headroom = Responder.reserve

    func findings(on machine: Machine) -> [Finding] {
        guard let path = machine.nginx, let meeting = machine.meeting else { return [] }
        do throws(SystemError) {
            let nginx = try NginxConfiguration(contentsOf: path)
            return Self.findings(nginx, server: meeting.nginxServer, threads: machine.configuration.threads)
        } catch {
            return [
                .warning("\(error), so nginx's configuration is not looked at.", fix: "run doctor as root")
            ]
        }
    }

    /// - Parameter server: the responder, as `server` and `fastcgi_pass` name it.
    static func findings(_ nginx: NginxConfiguration, server: String, threads: Int) -> [Finding] {
        let upstreams = nginx.upstreams(of: server)
        if upstreams.isEmpty { return [] }
        let kept = upstreams.compactMap { upstream in
            NginxConfiguration.all("keepalive", in: upstream.block ?? []).first?.words.last.flatMap {
                Int($0)
            }
        }.reduce(0, +)
        let isKept = nginx.all("fastcgi_keep_conn").contains { $0.words.last == "on" }
        if kept == 0 || !isKept { return [.ok("nginx keeps no connection to the responder open.")] }
        let workers = nginx.first("worker_processes")?.first.map { Int($0) ?? processors } ?? 1
        let needed = workers * kept + headroom
        let sum = "\(workers) workers x keepalive \(kept) + \(headroom) = \(needed)"
        if needed <= threads {
            return [.ok("nginx keeps connections, and threads = \(threads) covers them: \(sum).")]
        }
        let fitting = max(0, (threads - headroom) / max(1, workers))
        let lower =
            fitting > 0
            ? "lower it in nginx: `keepalive \(fitting);` in the upstream"
            : "take `fastcgi_keep_conn on;` out of the location"
        return [
            .warning(
                "nginx keeps more connections than the responder has threads for, which closes the rest after each "
                    + "answer: \(sum), and threads = \(threads).",
                fix: "`threads = \(needed)` in the configuration and a restart of pyindex-fcgi, or \(lower)"
            )
        ]
    }

    /// What `worker_processes auto` is.
    private static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}

extension ResponderSocket {
    /// As nginx writes it.
    var nginxServer: String {
        switch place {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): "\(host):\(port)"
        }
    }
}
