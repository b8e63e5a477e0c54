import Foundation
import POSIX
import Testing

@Suite("Sdists without code, through nginx", .serialized)
struct StaticTests {
    private static func project(_ version: String) -> String {
        """
        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"
        [project]
        name = "acme-core"
        version = "\(version)"
        readme = "README.md"

        """
    }

    @Test(
        "Tags are built where nothing can be run, and what is not described is told",
        arguments: [false, true]
    )
    func builds(builder: Bool) throws {
        var settings = Settings(buildCommand: nil, builder: builder)
        settings.recipe = "static"
        settings.sandbox = "required"
        try Site.with(
            settings,
            prepare: { monorepo in
                try monorepo.write("acme-core/README.md", "# Acme\n")
                try monorepo.write("acme-core/acme_core.py", "answer = 42\n")
                try monorepo.write("acme-core/pyproject.toml", Self.project("1.0"))
                try monorepo.commit("acme-core 1.0")
                for version in ["1.0", "1.1"] { try monorepo.git("tag", "acme-core/v\(version)") }
            }
        ) { site in
            #expect(try site.get(try site.file("acme-core", "1.0")).status == 200)
            #expect(try site.get("simple/acme-core/").text.contains("data-core-metadata"))
            #expect(try site.get(try site.file("acme-core", "1.1")).status == 424)
            let build = try site.get("-/builds/acme-core/1.0").text
            #expect(build.contains("recipe       static: nothing was run\n"))
            #expect(!build.contains("running"))
            let statement = try site.get("integrity/acme-core/1.0/acme_core-1.0.tar.gz/statement").text
            #expect(statement.contains("\"maker\":\"static\""))
            func run(_ words: [String]) throws -> Run {
                let command = [Places.binary] + words + ["--config", site.configuration]
                return try Run(builder ? Accounts.run(command, as: Accounts.builder) : command)
            }
            let verify = try run(["verify", "--rebuild"])
            #expect(verify.succeeded, "\(verify.output)")
            let check = try run(["check"]).output
            #expect(check.contains("1 of them cannot, such as \"acme-core/v1.1\""), "\(check)")
            #expect(check.contains("Builds run no code"), "\(check)")
        }
    }
}
