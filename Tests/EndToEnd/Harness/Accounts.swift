import Foundation
import Glibc
import POSIX

/// The users that builder and responder run as, where these tests are root's: they need no names, and share a group.
/// Where they are not, both are the tests' own user.
enum Accounts {
    static let group: gid_t = 61_000
    static let responder: uid_t = 61_001
    static let builder: uid_t = 61_002

    /// Whether builder and responder can be told apart here.
    static let areApart = Places.isRoot && Program.find("setpriv", in: Child.environment["PATH"] ?? "") != nil

    private static let webServer: gid_t = Group("www-data")?.id ?? 0

    /// `command`, run by `user`, who is in the web server's group too.
    static func run(_ command: [String], as user: uid_t) -> [String] {
        guard areApart, let program = Program.find("setpriv", in: Child.environment["PATH"] ?? "") else {
            return command
        }
        return [
            program, "--reuid=\(user)", "--regid=\(group)", "--groups=\(group),\(webServer)",
        ] + command
    }

    /// Makes cache and state for the web server's user, who starts the responder, where this user may choose.
    static func prepareForWebServer(cache: String, state: String) throws {
        guard Places.isRoot, let user = User("www-data") else { return }
        for path in [cache, state] {
            try Directory.create(path, mode: 0o750)
            if chown(path, user.id, webServer) != 0 { throw SystemError("chown", path: path) }
        }
    }

    /// Makes what is made before either is started: see docs/builds.md.
    static func prepare(cache: String, state: String) throws {
        guard areApart else { return }
        for (path, owner, group, mode) in [
            (cache, builder, webServer, 0o2750 as mode_t), (cache + "/pages", responder, webServer, 0o2750),
            (cache + "/remote", responder, webServer, 0o2750),
            (state, builder, group, 0o750), (state + "/catalog", responder, group, 0o750),
        ] {
            try Directory.create(path, mode: mode)
            if chown(path, owner, group) != 0 || chmod(path, mode) != 0 {
                throw SystemError("chown", path: path)
            }
        }
    }
}
