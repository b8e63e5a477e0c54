internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Recipes")
struct RecipeTests {
    /// These stand in ledgers and URLs: they never change.
    @Test("Digests of what older configurations say stay what they are")
    func pinned() {
        #expect(Recipe().digest == "1dba91193fb97e5318104633cb77a5c554bf3a874987bb6b2eda7a18d5579340")
        var full = Recipe()
        full.checkout = .tree
        full.artifactsDirectory = "out"
        full.extraCheckoutPaths = ["shared", "LICENSE"]
        full.command = ["make", "build"]
        full.hasNetwork = true
        full.installsRequirements = false
        full.makesRepository = true
        #expect(full.digest == "db3a808d34ff3bf8ddd211a27cc7670ecaf7e5ba3bef703fee4ca4fe5a506fc2")
        var noGit = Recipe()
        noGit.makesRepository = false
        #expect(noGit.digest == "4514bf8dc7cad04c4b29b0f51f58283708f9d5d3cd46c671ef31b449a999dd8a")
    }

    @Test("Variables and the form of the archive change the digest, limits and values of secrets do not")
    func digest() throws {
        var recipe = Recipe()
        recipe.timeout = .seconds(1)
        recipe.limits.memory = 1 << 30
        recipe.limits.processes = 9
        recipe.limits.disk = 1 << 30
        #expect(recipe.digest == Recipe().digest)
        var digests: Set<String> = []
        for variables in [["A": "1"], ["A": "2"], ["A": "1", "B": ""], ["A_TOKEN": "x"]] {
            recipe.environment = try #require(RecipeEnvironment(variables))
            digests.insert(recipe.digest)
        }
        #expect(digests.count == 4)
        recipe.submodules = ["https://git.example/a.git": "/a"]
        let withSubmodule = recipe.digest
        #expect(digests.insert(withSubmodule).inserted)
        recipe.submodules = ["https://git.example/a.git": "/elsewhere"]
        #expect(recipe.digest == withSubmodule)
        recipe.submodules = [:]
        recipe.archiving = .asBuilt
        #expect(digests.insert(recipe.digest).inserted)
        recipe.archiving = .canonical
        recipe.environment = try #require(RecipeEnvironment(["A_TOKEN": "y"]))
        #expect(digests.contains(recipe.digest))
    }

    @Test(
        "What is no name of a variable, or one that every build has, is refused",
        arguments: ["", "1A", "A-B", "A B", "PATH", "HOME", "PYINDEX_BUILD", "Ä"]
    )
    func refused(name: String) { #expect(RecipeEnvironment([name: "x"]) == nil) }

    @Test("The command finds the recipe's variables, and secrets among them are not in the log")
    func environment() throws {
        let script = "echo \"flavour $ACME_FLAVOUR, token $ACME_TOKEN, in $LANG\"\n" + Workshop.honest
        let variables = ["ACME_FLAVOUR": "plain", "ACME_TOKEN": "hunter2!", "LANG": "C"]
        let environment = try #require(RecipeEnvironment(variables))
        let shop = try Workshop(script) { $0.environment = environment }
        for sandbox in Workshop.sandboxes {
            try shop.store.clear()
            #expect(try shop.build(sandbox) == .published, "\(shop.log())")
            #expect(shop.log().contains("flavour plain, token ***, in C"))
            #expect(!shop.log().contains("hunter2!"))
        }
    }

    @Test("A limit of the recipe counts in the place of that of all builds")
    func limit() throws {
        let shop = try Workshop("head -c 8388608 /dev/zero > big; sleep 5\n" + Workshop.honest) {
            $0.limits.disk = 1 << 20
        }
        let failure = try #require(try shop.build().failure)
        #expect(failure.class == .resource, "\(failure.reason)")
    }

    @Test("A project is built by the first recipe that is for it, and by its digest")
    func project() throws {
        let shop = try Workshop("exit 3\n", files: ["acme-core/other.sh": Workshop.honest])
        var configuration = shop.configuration
        guard case .git(var git) = configuration.sources[0] else { return }
        var other = git.recipe
        other.command = ["sh", "other.sh"]
        var third = git.recipe
        third.command = ["false"]
        let pattern = try #require(NamePattern("acme-*"))
        git.recipes = [
            ProjectRecipe(packages: [try #require(NamePattern("x"))], recipe: third),
            ProjectRecipe(packages: [pattern], recipe: other),
            ProjectRecipe(packages: [pattern], recipe: third),
        ]
        #expect(git.recipe(for: try #require(ProjectName("other"))) == git.recipe)
        configuration.sources = [.git(git)]
        let key = try shop.key()
        let builder = Builder(
            configuration: configuration,
            sandbox: .none,
            store: shop.store,
            ledger: shop.ledger
        )
        let changed = "The recipe of the source monorepo has changed; reload the responder."
        #expect(builder.build(key).failure?.reason == changed)
        let own = BuildKey(
            source: key.source,
            project: key.project,
            version: key.version,
            tag: key.tag,
            tagObject: key.tagObject,
            commit: key.commit,
            commitTime: key.commitTime,
            directory: key.directory,
            recipe: other.digest
        )
        #expect(builder.build(own) == .published)
    }
}
