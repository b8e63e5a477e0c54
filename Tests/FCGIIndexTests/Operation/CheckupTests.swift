internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Check of what builds require")
struct CheckupTests {
    private func findings(
        _ time: Recipe.RequirementsTime,
        from origin: RequirementOrigin,
        path: String
    ) -> [Finding] {
        var recipe = Recipe()
        recipe.requirementsTime = time
        let source = GitSourceConfiguration(
            name: "mono",
            path: "/srv/mono",
            rules: [],
            recipe: Recipe(),
            recipes: [ProjectRecipe(packages: [], recipe: recipe)]
        )
        return Checkup.requirements(source, from: origin, path: path)
    }

    @Test("Wheels of the commit's day need uv, and no wheelhouse")
    func requirements() throws {
        let directory = "/tmp/pyindex-uv-\(Temporary.suffix())"
        try Directory.create(directory)
        defer { try? Directory.remove(directory) }
        let subject = "Source \"mono\": requirements-as-of = \"commit\""
        let missing = Finding.error("\(subject) needs uv, which is not on PATH.")
        #expect(findings(.commit, from: .tools, path: directory) == [missing])
        #expect(findings(.commit, from: .index("https://index.example/"), path: directory) == [missing])
        #expect(findings(.build, from: .tools, path: directory).isEmpty)
        let pointless = Finding.warning("\(subject) has no effect, since the wheelhouse is taken as it is.")
        #expect(findings(.commit, from: .wheelhouse("/srv/wheels"), path: directory) == [pointless])
        try File.replace("\(directory)/uv", with: Array("#!/bin/sh\n".utf8), mode: 0o755)
        #expect(findings(.commit, from: .tools, path: directory).isEmpty)
    }
}
