import Foundation
import POSIX
import Testing

@Suite("Finding packages", .serialized)
struct DiscoveryTests {
    @Test("One tag releases every package of its tree, and pip installs one that needs another")
    func everything() throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.writePackage("acme-core", "1.2.3", in: "libs/core")
            try monorepo.writePackage("acme-app", "1.2.3", needs: ["acme-core==1.2.3"], in: "apps/main/app")
            try monorepo.writePackage("acme-left", "1.2.2", in: "behind")
            try monorepo.commit()
            try monorepo.git("tag", "v1.2.3")
        }
        try Site.with(Settings(tags: "v{version}", layout: "discover"), prepare: prepare) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run = try Clients.pip("install", "acme-app", index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            for module in ["acme_app", "acme_core"] {
                let python = environment + "/bin/python"
                let version = try Run([python, "-c", "import \(module); print(\(module).VERSION, end='')"])
                    .output
                #expect(version == "1.2.3")
            }
            #expect(try site.listing("acme-left").files.isEmpty)
            let skipped = try Run([Places.binary, "list", "--skipped", "--config", site.configuration]).output
            #expect(
                skipped.contains(
                    "v1.2.3\tIts tree has acme-left 1.2.2 in \"behind\", and not 1.2.3 as the tag says."
                ),
                "\(skipped)"
            )

            try site.monorepo.writePackage("acme-left", "1.3", in: "behind")
            try site.monorepo.commit()
            try site.monorepo.git("tag", "v1.3")
            #expect(try site.listing("acme-left").versions == ["1.3"])
            #expect(try site.listing("acme-core").versions == ["1.2.3"])
        }
    }
}
