import Foundation
import Glibc
import POSIX
import Testing

@Suite("make install")
struct MakeInstallTests {
    private static let canStrip = Program.find("strip", in: Child.environment["PATH"] ?? "") != nil

    private func files(_ directory: String) -> [String] {
        (FileManager.default.enumerator(atPath: directory)?.allObjects as? [String] ?? []).filter { path in
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: "\(directory)/\(path)",
                isDirectory: &isDirectory
            )
            return exists && !isDirectory.boolValue
        }
    }

    private func make(_ target: String, _ directory: String, _ prefix: String) throws {
        let run = try Run(
            [
                "make", "--silent", "-C", Places.package, target, "BINARY=\(Places.binary)",
                "PREFIX=\(prefix)",
                "DESTDIR=\(directory)",
            ]
        )
        #expect(run.succeeded, "\(run.output)")
    }

    @Test(
        "Everything has its place, units name the program there, and uninstall takes just that away",
        .enabled(if: canStrip, "binutils are not here"),
        arguments: ["/usr/local", "/opt/index"]
    )
    func install(prefix: String) throws {
        let directory = try Places.makeDirectory("install")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let stranger = directory + prefix + "/share/doc/stranger"
        try FileManager.default.createDirectory(atPath: stranger, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: stranger + "/file"))
        let before = files(directory)

        try make("install", directory, prefix)
        let below = directory + prefix
        let program = below + "/bin/pyindex-fcgi"
        let version = try Run([program, "--version"])
        #expect(version.succeeded)
        for path in [
            "share/man/man1/pyindex-fcgi.1", "share/man/man5/pyindex.toml.5",
            "share/bash-completion/completions/pyindex-fcgi", "share/zsh/site-functions/_pyindex-fcgi",
            "share/fish/vendor_completions.d/pyindex-fcgi.fish", "share/pyindex-fcgi/nginx/pyindex.conf",
            "share/doc/pyindex-fcgi/install.md", "lib/sysusers.d/pyindex.conf", "lib/tmpfiles.d/pyindex.conf",
            "lib/systemd/system/pyindex.socket",
        ] {
            let size = try text(of: "\(below)/\(path)").utf8.count
            #expect(size > 0, "\(path)")
        }
        for (unit, command) in [("pyindex", "serve"), ("pyindex-builder", "builder")] {
            let unit = try text(of: "\(below)/lib/systemd/system/\(unit).service")
            #expect(unit.contains("ExecStart=\(prefix)/bin/pyindex-fcgi \(command)\n"))
            #expect(unit.contains("Documentation=file:\(prefix)/share/doc/pyindex-fcgi/"))
        }

        try make("uninstall", directory, prefix)
        #expect(files(directory) == before)
        #expect(!FileManager.default.fileExists(atPath: below + "/share/pyindex-fcgi"))
    }
}
