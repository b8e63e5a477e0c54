/// The keys of a recipe: those that a source and a `[[source.recipe]]` have both, and what only the latter has.
extension ConfigurationKey {
    static let making = ConfigurationKey(
        .gitSource,
        "recipe",
        .choice(Recipe.Making.allCases.map(\.rawValue)),
        default: .string("build"),
        "How sdists come about: made by a command or the package's build back end (build), or, without running anything, "
            + "from the tracked files and the static [project] of pyproject.toml (static)."
    )
    static let environment = ConfigurationKey(
        .gitSource,
        "environment",
        .stringsByName("a table of variables and their values"),
        default: .table([:]),
        example: .table(["ACME_FLAVOUR": .string("plain")]),
        "Variables that the build command finds besides its usual ones; the value of one whose name ends in PASSWORD, "
            + "TOKEN, SECRET or KEY is kept out of logs."
    )
    static let submodules = ConfigurationKey(
        .gitSource,
        "submodules",
        .stringsByName("a table of URLs and paths"),
        default: .table([:]),
        example: .table(["https://git.example/lib.git": .string("/srv/git/lib.git")]),
        "The submodules that a build sees, by their URLs as .gitmodules has them, each with the repository on this "
            + "machine that has their commits; others are left out."
    )
    static let sourceMemoryLimit = ConfigurationKey(
        .gitSource,
        "memory-limit",
        memoryLimit.kind,
        example: .integer(8192),
        "MiB of memory that one of these builds may use; without it, as [build] says."
    )
    static let sourceProcessLimit = ConfigurationKey(
        .gitSource,
        "process-limit",
        processLimit.kind,
        example: .integer(1024),
        "Processes that one of these builds may run at once; without it, as [build] says."
    )
    static let sourceDiskLimit = ConfigurationKey(
        .gitSource,
        "disk-limit",
        diskLimit.kind,
        example: .integer(8192),
        "MiB that one of these builds may write; without it, as [build] says."
    )

    static let recipePackages = ConfigurationKey(
        .recipe,
        "packages",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        required: true,
        example: .strings(["acme-x*"]),
        "The projects that are built by this recipe; the first [[source.recipe]] that names a project counts."
    )

    /// What is said for a whole source, and for some of its projects again.
    static let ofRecipes: [ConfigurationKey] = [
        making, checkout, extraCheckoutPaths, submodules, buildCommand, artifactsDirectory, buildTimeout,
        buildRequirements, requirementsAsOf, network, git, archive, environment, sourceMemoryLimit,
        sourceProcessLimit, sourceDiskLimit,
    ]

    /// Those of `ofRecipes` that say something of what is run, and nothing where nothing is.
    static let ofRunning: [ConfigurationKey] = ofRecipes.filter { $0 != making && $0 != submodules }

    /// The same key in `[[source.recipe]]`, where the source's value stands for an absent one.
    var inRecipe: ConfigurationKey {
        ConfigurationKey(.recipe, name, kind, example: sample, sentence)
    }
}
