import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("Configuration of recipes")
struct RecipeConfigurationTests {
    private func source(_ text: String) throws -> GitSourceConfiguration {
        guard case .git(let git) = try configuration(smallest + text).sources[0] else {
            throw ConfigurationError([.init(file: "", message: "no git source")])
        }
        return git
    }

    @Test("A recipe of some projects says what is different, the rest is as the source has it")
    func different() throws {
        let git = try source(
            """
            build-command = ["make", "build"]
            checkout = "tree"
            environment = { A = "1", B = "2" }
            memory-limit = 100
            [[source.recipe]]
            packages = ["acme-x*", "tool"]
            build-command = []
            environment = { B = "3" }
            network = true
            requirements-as-of = "commit"
            disk-limit = 7
            [[source.recipe]]
            packages = ["*"]
            artifacts-dir = "out"

            """
        )
        #expect(git.recipe.environment.variables == ["A": "1", "B": "2"])
        #expect(git.recipe.limits.memory == 100 << 20)
        let first = git.recipe(for: try #require(ProjectName("acme-xy")))
        #expect(first.command == nil && first.checkout == .tree && first.hasNetwork)
        #expect(first.requirementsTime == .commit && git.recipe.requirementsTime == .build)
        #expect(first.environment.variables == ["A": "1", "B": "3"])
        #expect(first.limits.memory == 100 << 20 && first.limits.disk == 7 << 20)
        let second = git.recipe(for: try #require(ProjectName("acme-y")))
        #expect(second.command == ["make", "build"] && second.artifactsDirectory == "out")
        #expect(!second.hasNetwork)
    }

    @Test("A recipe that runs nothing is a whole source's, or that of some of its projects")
    func statics() throws {
        let whole = try source("recipe = \"static\"\nsubmodules = { \"../a.git\" = \"/srv/a.git\" }\n")
        #expect(whole.recipe.making == .static && whole.recipe.submodules.count == 1)
        #expect(!whole.runsCode && whole.recipe.digest != Recipe().digest)
        let some = try source(
            """
            build-command = ["make"]
            checkout = "tree"
            [[source.recipe]]
            packages = ["acme-x*"]
            recipe = "static"

            """
        )
        #expect(some.runsCode && some.recipe.command == ["make"])
        var expected = Recipe()
        expected.making = .static
        let recipe = some.recipe(for: try #require(ProjectName("acme-xy")))
        #expect(recipe == expected, "nothing of what is run is taken over")
        let shown = try configuration(smallest + "recipe = \"static\"\n").shown
        #expect(shown.contains("recipe = \"static\"\n"))
        #expect(try configuration(shown).shown == shown)
    }

    @Test(
        "What is wrong with a recipe is told with its line",
        arguments: [
            Refusal(
                "[[source.recipe]]\nbuild-command = [\"x\"]\n",
                "FILE:5: source[0].recipe[0].packages: missing; write it, such as packages = [\"acme-x*\"]."
            ),
            Refusal(
                "recipe = \"static\"\nbuild-command = [\"x\"]\n",
                "FILE:6: source[0].build-command: means nothing with recipe = \"static\", which runs nothing; leave it out."
            ),
            Refusal(
                "recipe = \"statik\"\n",
                "FILE:5: source[0].recipe: expected \"build\" or \"static\", found the string \"statik\"; did you mean \"static\"?"
            ),
            Refusal(
                "[source.recipe]\npackages = [\"x\"]\n",
                "FILE:5: source[0].recipe: expected tables [[source.recipe]], found a table; write the header with two "
                    + "brackets: [[source.recipe]]."
            ),
            Refusal(
                "[[source.recipe]]\npackages = [\"x\"]\nbuild-comand = [\"x\"]\n",
                "FILE:7: source[0].recipe[0].build-comand: unknown key; did you mean \"build-command\"?"
            ),
            Refusal(
                "[[source.recipe]]\npackages = [\"x\"]\nbuild-timeout = 0\n",
                "FILE:7: source[0].recipe[0].build-timeout: expected a number of seconds from 1 to 86400, found 0."
            ),
            Refusal(
                "environment = { PATH = \"/x\" }\n",
                "FILE:5: source[0].environment: \"PATH\" is set by every build; choose another variable."
            ),
            Refusal(
                "environment = { \"a b\" = \"x\" }\n",
                "FILE:5: source[0].environment: \"a b\" is no name of a variable (letters, digits and \"_\")."
            ),
            Refusal(
                "environment = { A = 1 }\n",
                "FILE:5: source[0].environment: expected a table of variables and their values, found a table."
            ),
        ]
    )
    func wrong(_ refusal: Refusal) {
        do throws(ConfigurationError) {
            _ = try configuration(String(smallest.dropLast()) + "\n" + refusal.text)
            Issue.record("no error: \(refusal.text)")
        } catch {
            let found = error.description.replacing("/etc/pyindex/config.toml", with: "FILE")
            #expect(found == refusal.lines.joined(separator: "\n"))
        }
    }
}
