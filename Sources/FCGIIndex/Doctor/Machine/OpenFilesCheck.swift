internal import FastCGI
internal import POSIX

/// Whether the responder may hold as many connections as may wait and be kept.
struct OpenFilesCheck: MachineCheck {
    /// Descriptors besides connections that wait or are kept: repositories, catalog, files.
    private static let headroom = 256

    func findings(on machine: Machine) -> [Finding] {
        guard let process = machine.responder?.process,
            let bytes = try? File.read("/proc/\(process)/limits"),
            let limit = Self.limit(String(decoding: bytes, as: UTF8.self))
        else { return [] }
        let connections = WaitingRoom.capacity + Responder.mostKept
        let needed = connections + machine.configuration.threads + Self.headroom
        if limit >= needed { return [.ok("The responder may have \(limit) files open.")] }
        return [
            .warning(
                "The responder may have \(limit) files open; \(needed) are needed when many wait for builds and many are kept.",
                fix:
                    "`LimitNOFILE=65536` in pyindex.service, then systemctl daemon-reload and restart it; without "
                    + "systemd, ulimit -n 65536 before pyindex-fcgi serve"
            )
        ]
    }

    /// The soft limit, of the text of `/proc/PID/limits` (proc(5)).
    static func limit(_ text: String) -> Int? {
        let name = "Max open files"
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
        let value = line.dropFirst(name.count).split(separator: " ").first
        return value == "unlimited" ? .max : value.flatMap { Int($0) }
    }
}
