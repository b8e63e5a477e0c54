internal import FastCGI
internal import Glibc
internal import POSIX

/// Whether the socket is there, somebody answers, and the web server's user may connect.
struct SocketCheck: MachineCheck {
    func findings(on machine: Machine) -> [Finding] {
        guard let meeting = machine.meeting else {
            return [
                .ok(
                    "The socket is inherited, or the web server starts the responder itself: give --socket to look "
                        + "at it."
                )
            ]
        }
        guard case .unix(let path) = meeting.place else { return [Self.finding(meeting, machine)] }
        let status: FileStatus?
        do throws(SystemError) {
            status = try FileStatus.ifPresent(path)
        } catch { return [.error("\(error).", fix: "run doctor as root")] }
        guard let status else {
            return [.error("No socket is at \(path).", fix: Self.start)]
        }
        guard status.isSocket else {
            return [.error("\(path) is no socket.", fix: "remove it, and \(Self.start)")]
        }
        return [Self.finding(meeting, machine)] + permissions(path, status, machine)
    }

    static let start = "start the responder: systemctl start pyindex.socket, or pyindex-fcgi serve"

    private static func finding(_ meeting: ResponderSocket, _ machine: Machine) -> Finding {
        switch meeting.ask(nil, below: machine.configuration.basePath) {
        case .echo: return .ok("The responder answers at \(meeting.place).")
        case .stranger:
            return .error(
                "Something else than this index answers at \(meeting.place), or it has another base-path.",
                fix:
                    "end it, or give `listen` another place; after a change of the configuration, restart pyindex-fcgi"
            )
        case .silent:
            return .error(
                "The responder at \(meeting.place) takes the connection and does not answer.",
                fix:
                    "look in its log what it waits for, and raise `threads` if all of them are busy; then restart "
                    + "pyindex-fcgi"
            )
        case .unreachable(let error) where error.code == EACCES || error.code == EPERM:
            return .warning("This user may not connect to \(meeting.place).", fix: "run doctor as root")
        case .unreachable(let error):
            return .error("Nobody listens at \(meeting.place) (\(error)).", fix: start)
        }
    }

    private func permissions(_ path: String, _ status: FileStatus, _ machine: Machine) -> [Finding] {
        guard let user = machine.webServer else { return [] }
        if machine.configuration.listen != .unix(path) {
            // That of the configuration, `check` has walked to.
            do throws(SystemError) {
                if let obstacle = try user.obstacle(to: path) {
                    return [
                        .error(
                            "The web server's user \(user.name) cannot enter \(obstacle) on the way to the socket.",
                            fix: "chmod o+x \(obstacle)"
                        )
                    ]
                }
            } catch { return [.error("\(error).")] }
        }
        if user.may(.write, status) {
            return [.ok("The web server's user \(user.name) may connect to the socket as it is.")]
        }
        let inherited = machine.configuration.listen != .unix(path)
        return [
            .error(
                "The web server's user \(user.name) may not write to the socket \(path), which is "
                    + "\(Permissions(status)).",
                fix: inherited
                    ? "`SocketGroup=\(user.groupName)` and `SocketMode=0660` in pyindex.socket, then systemctl "
                        + "daemon-reload and systemctl restart pyindex.socket"
                    : "`socket-group = \"\(user.groupName)\"` and `socket-mode = \"0660\"` in "
                        + "\(machine.configuration.path), then restart pyindex-fcgi"
            )
        ]
    }
}
