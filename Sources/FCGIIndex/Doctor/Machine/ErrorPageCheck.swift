internal import POSIX

/// Whether clients get what they repeat where the responder is away: on nginx's own 502 and 504 they give up.
struct ErrorPageCheck: MachineCheck {
    func findings(on machine: Machine) -> [Finding] {
        guard let path = machine.nginx, let meeting = machine.meeting,
            // What cannot be read, the check of kept connections says.
            let nginx = try? NginxConfiguration(contentsOf: path)
        else { return [] }
        return Self.findings(nginx, server: meeting.nginxServer)
    }

    /// - Parameter server: the responder, as `server` and `fastcgi_pass` name it.
    static func findings(_ nginx: NginxConfiguration, server: String) -> [Finding] {
        guard nginx.upstreams(of: server).first != nil else { return [] }
        let named = Set(nginx.all("error_page").flatMap(\.words))
        if named.isSuperset(of: ["502", "504"]) {
            return [.ok("nginx turns 502 and 504 into what clients repeat.")]
        }
        return [
            .warning(
                "nginx passes its 502 and 504 to clients, which give up on them or ask another index.",
                fix: "`error_page 502 504 = $uri/-/accel/unavailable;` with its location, as in pyindex.conf"
            )
        ]
    }
}
