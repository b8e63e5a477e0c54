internal import POSIX

/// The web server that runs on this machine.
struct WebServerProcess: Sendable {
    /// The name of its program.
    let name: String
    let process: Int32
    /// Whom it acts as.
    let user: User

    private static let names: Set = ["nginx", "apache2", "httpd", "lighttpd"]

    /// All of them, workers and those that started them.
    static func all() -> [WebServerProcess] {
        let processes = ((try? Directory.entries("/proc")) ?? []).compactMap { Int32($0) }.sorted()
        return processes.compactMap { process in
            guard let bytes = try? File.read("/proc/\(process)/comm"), let user = User(ofProcess: process)
            else {
                return nil
            }
            let name = String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
            return names.contains(name) ? WebServerProcess(name: name, process: process, user: user) : nil
        }
    }

    /// The user of the workers: what runs as root only starts them.
    static func worker(of all: [WebServerProcess]) -> User? { all.first { $0.user.id != 0 }?.user }

    /// The configuration that a running nginx was started with; Debian's own place where none runs.
    static func nginxConfiguration(of all: [WebServerProcess]) -> String? {
        let usual = "/etc/nginx/nginx.conf"
        for server in all where server.name == "nginx" {
            // Its title: "nginx: master process /usr/sbin/nginx -c /etc/nginx/nginx.conf".
            let title = (try? File.read("/proc/\(server.process)/cmdline")) ?? []
            let words = String(decoding: title.map { $0 == 0 ? 32 : $0 }, as: UTF8.self).split(separator: " ")
            guard let flag = words.firstIndex(of: "-c"), words.indices.contains(flag + 1) else { continue }
            return String(words[flag + 1])
        }
        return File.exists(usual) ? usual : nil
    }
}
