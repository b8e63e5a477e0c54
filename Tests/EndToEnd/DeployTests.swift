import Foundation
import POSIX
import Testing

@Suite("Files for systemd", .serialized)
struct DeployTests {
    private static let directory = Places.package + "/deploy/systemd"
    private static let analyzer = Program.find("systemd-analyze", in: Child.environment["PATH"] ?? "")

    @Test(
        "The units are exposed no more than docs/builds.md says",
        .enabled(if: analyzer != nil, "systemd-analyze is not here"),
        arguments: [("pyindex.service", 10), ("pyindex-builder.service", 36)]
    )
    func exposure(unit: String, tenths: Int) throws {
        let run = try Run([
            "systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=\(tenths)",
            "\(Self.directory)/\(unit)",
        ])
        #expect(run.succeeded, "\(run.output)")
    }

    @Test("The units know every key they use", .enabled(if: analyzer != nil, "systemd-analyze is not here"))
    func known() throws {
        for unit in [
            "pyindex.service", "pyindex-builder.service", "pyindex.socket", "pyindex-builder.socket",
        ] {
            let run = try Run(["systemd-analyze", "verify", "\(Self.directory)/\(unit)"])
            let lines = run.output.split(separator: "\n").filter { !$0.contains("/usr/bin/pyindex-fcgi") }
            #expect(lines.isEmpty, "\(unit): \(lines)")
        }
    }
}
