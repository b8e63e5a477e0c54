internal import FastCGI
internal import Glibc
internal import POSIX

/// Whether the responder keeps as many connections as nginx does.
struct KeptConnectionsCheck: MachineCheck {
    func findings(on machine: Machine) -> [Finding] {
        guard let path = machine.nginx, let meeting = machine.meeting else { return [] }
        do throws(SystemError) {
            let nginx = try NginxConfiguration(contentsOf: path)
            return Self.findings(nginx, server: meeting.nginxServer)
        } catch {
            return [
                .warning("\(error), so nginx's configuration is not looked at.", fix: "run doctor as root")
            ]
        }
    }

    /// - Parameter server: the responder, as `server` and `fastcgi_pass` name it.
    static func findings(_ nginx: NginxConfiguration, server: String) -> [Finding] {
        let upstreams = nginx.upstreams(of: server)
        if upstreams.isEmpty { return [] }
        let kept = upstreams.compactMap { upstream in
            NginxConfiguration.all("keepalive", in: upstream.block ?? []).first?.words.last.flatMap {
                Int($0)
            }
        }.reduce(0, +)
        let isKept = nginx.all("fastcgi_keep_conn").contains { $0.words.last == "on" }
        if kept == 0 || !isKept { return [.ok("nginx keeps no connection to the responder open.")] }
        // `auto` is as many as there are processors.
        let workers = nginx.first("worker_processes")?.first.map { Int($0) ?? Processors.online } ?? 1
        let most = Responder.mostKept
        let sum = "\(workers) workers x keepalive \(kept) = \(workers * kept)"
        if workers * kept <= most {
            return [
                .ok("nginx keeps connections, and the responder keeps them all: \(sum), of \(most) at most.")
            ]
        }
        let fitting = most / max(1, workers)
        return [
            .warning(
                "nginx keeps more connections than the responder, which closes the rest after each answer: \(sum), and "
                    + "it keeps \(most).",
                fix: fitting > 0
                    ? "lower it in nginx: `keepalive \(fitting);` in the upstream"
                    : "take `fastcgi_keep_conn on;` out of the location"
            )
        ]
    }
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
