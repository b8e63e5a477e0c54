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

    /// All recipes, the source's own first.
    var allRecipes: [Recipe] { [recipe] + recipes.map(\.recipe) }
}
