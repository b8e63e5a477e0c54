import Foundation
import Glibc

/// What makes a site one that needs TLS and a password: certificates, and files of users and groups.
struct Security {
    static let user = "alice"
    static let password = "through-the-glass"
    static let group = "developers"
    static let credentials = "\(user):\(password)"

    let authority: Authority
    /// The server's certificate and key, but for `.crt` and `.key`.
    let server: String
    /// A client's certificate and key, likewise.
    let client: String
    let users: String
    let groups: String

    /// Makes all of it in a directory of its own.
    init(in parent: String) throws {
        let directory = parent + "/tls"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        authority = try Authority("authority", in: directory)
        server = try authority.sign("/CN=index.example", as: "index")
        client = try authority.sign("/O=Acme/OU=\(Self.group)/CN=\(Self.user)", as: "client")
        users = directory + "/users"
        groups = directory + "/groups"
        let hash = try Run(["openssl", "passwd", "-apr1", Self.password]).output
        try Data("\(Self.user):\(hash)".utf8).write(to: URL(fileURLWithPath: users))
        try Data("\(Self.group): \(Self.user)\n".utf8).write(to: URL(fileURLWithPath: groups))
        for path in [users, groups] { chmod(path, 0o644) }
    }
}
