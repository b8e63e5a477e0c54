import Foundation
import Glibc
import POSIX

/// Where tests find what they drive.
enum Places {
    /// The repository's root.
    static let package = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/")
        .replacingOccurrences(of: "//", with: "/")

    /// The home directory of a test's programs. One that does not exist would be made by some of them.
    static let home: String = {
        let path = package + "/.build/home"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }()

    /// The program under test: `$PYINDEX_BINARY`, else the one built with these tests.
    static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["PYINDEX_BINARY"] { return path }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/pyindex-fcgi"
    }()

    /// Makes a directory for a test's files that every user may enter, and returns its path.
    static func makeDirectory(_ name: String) throws -> String {
        let parent = NSTemporaryDirectory()
        let path =
            "\(parent.hasSuffix("/") ? parent : parent + "/")pyindex-\(name)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        chmod(path, 0o755)
        return path
    }

    static let nginx = Program.find("nginx", in: Child.environment["PATH"] ?? "")

    static let isRoot = geteuid() == 0

    /// Whether bubblewrap may make namespaces here.
    static let hasSandbox: Bool = {
        let run = try? Run(["bwrap", "--unshare-pid", "--ro-bind", "/", "/", "--", "/bin/true"])
        return run?.succeeded == true
    }()
}
