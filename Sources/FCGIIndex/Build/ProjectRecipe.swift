public import PythonPackaging

/// The recipe of some of a source's projects.
public struct ProjectRecipe: Hashable, Sendable {
    /// The projects it is for.
    public let packages: [NamePattern]
    /// What is done for them.
    public let recipe: Recipe
}

extension GitSourceConfiguration {
    /// The recipe of `name`: the first that is for it, else the source's own.
    public func recipe(for name: ProjectName) -> Recipe {
        recipes.first { $0.packages.contains { $0.matches(name) } }?.recipe ?? recipe
    }

    /// Whether some of its projects are built by running code.
    var runsCode: Bool { allRecipes.contains { $0.making == .build } }

    /// All recipes, the source's own first.
    var allRecipes: [Recipe] { [recipe] + recipes.map(\.recipe) }
}

extension Configuration {
    /// Whether a build may run anything.
    var runsCode: Bool {
        sources.contains { if case .git(let git) = $0 { git.runsCode } else { false } }
    }

    /// What confines builds, tried; blocks for some 20 ms.
    ///
    /// - Throws: as `Sandbox.detect(_:path:)`.
    public func detectSandbox() throws(BuildFailure) -> Sandbox {
        runsCode ? try Sandbox.detect(build.sandbox) : .unneeded
    }
}
