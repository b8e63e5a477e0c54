extension ConfigurationReader {
    /// The recipe of a whole source; `nil` where something was reported.
    mutating func recipe(_ section: Section) -> Recipe? { recipe(section, over: Recipe()) { $0 } }

    /// The tables `[[source.recipe]]` of a source, as far as they are right.
    mutating func recipes(_ section: Section, over base: Recipe?) -> [ProjectRecipe] {
        // The key of that name, which says how the whole source is built.
        if isText(.making, in: section) { return [] }
        return sections("recipe", in: section).compactMap { section in
            check(section, has: [.recipe])
            let packages = packages(section, .recipePackages)
            let recipe = recipe(section, over: base ?? Recipe()) { $0.inRecipe }
            guard let packages, let recipe else { return nil }
            return ProjectRecipe(packages: packages, recipe: recipe)
        }
    }

    /// `base`, and in it what `section` says by the keys that `key` makes of those of a source.
    private mutating func recipe(
        _ section: Section,
        over base: Recipe,
        _ key: (ConfigurationKey) -> ConfigurationKey
    ) -> Recipe? {
        let before = issues.count
        var recipe = base
        if isText(key(.making), in: section) {
            let making = read(key(.making), in: section) { node in
                node.string.flatMap { Recipe.Making(rawValue: $0) }
            }
            recipe.making = making ?? base.making
        }
        if recipe.making == .static {
            let recipe = staticRecipe(section, over: base, key)
            return issues.count == before ? recipe : nil
        }
        let checkout = read(key(.checkout), in: section) { node in
            node.string.flatMap { Recipe.Checkout(rawValue: $0) }
        }
        let extra = read(key(.extraCheckoutPaths), in: section) { node throws(ValueProblem) -> [String]? in
            var paths: [String] = []
            for text in node.strings ?? [] { paths.append(try Self.inside(text, "repository")) }
            return paths
        }
        let submodules = submodules(section, key)
        let isPart = key(.buildCommand).table == .recipe
        let command = read(key(.buildCommand), in: section) { node throws(ValueProblem) in
            try Self.command(node, mayBeDefault: isPart)
        }
        let artifacts = read(key(.artifactsDirectory), in: section) { node throws(ValueProblem) -> String? in
            guard let text = node.string else { return nil }
            return try Self.inside(text, "package's directory")
        }
        recipe.checkout = checkout ?? base.checkout
        recipe.extraCheckoutPaths = extra ?? base.extraCheckoutPaths
        recipe.submodules = base.submodules.merging(submodules ?? [:]) { $1 }
        if let command { recipe.command = command.isEmpty ? nil : command }
        recipe.artifactsDirectory = artifacts ?? base.artifactsDirectory
        recipe.timeout = seconds(key(.buildTimeout), in: section) ?? base.timeout
        recipe.hasNetwork = read(key(.network), in: section) { $0.boolean } ?? base.hasNetwork
        recipe.installsRequirements =
            read(key(.buildRequirements), in: section) { $0.boolean } ?? base.installsRequirements
        let time = read(key(.requirementsAsOf), in: section) { node in
            node.string.flatMap { Recipe.RequirementsTime(rawValue: $0) }
        }
        recipe.requirementsTime = time ?? base.requirementsTime
        recipe.makesRepository = read(key(.git), in: section) { $0.boolean } ?? base.makesRepository
        let archiving = read(key(.archive), in: section) { node in
            node.string.flatMap { Recipe.Archiving(rawValue: $0) }
        }
        recipe.archiving = archiving ?? base.archiving
        let environment = read(key(.environment), in: section, Self.environment)
        recipe.environment = environment.map { base.environment.adding($0) } ?? base.environment
        readLimits(section, &recipe, key)
        return issues.count == before ? recipe : nil
    }

    private mutating func submodules(
        _ section: Section,
        _ key: (ConfigurationKey) -> ConfigurationKey
    ) -> [String: String]? {
        let paths = paths
        return read(key(.submodules), in: section) { node throws(ValueProblem) in
            var repositories: [String: String] = [:]
            for (url, path) in node.stringsByName ?? [:] { repositories[url] = try paths.resolve(path) }
            return repositories
        }
    }

    /// Whether the key stands here with a string, and not as the header of tables.
    private func isText(_ key: ConfigurationKey, in section: Section) -> Bool {
        section.values[key.name]?.string != nil
    }

    /// A recipe that runs nothing, whatever `base` would run.
    private mutating func staticRecipe(
        _ section: Section,
        over base: Recipe,
        _ key: (ConfigurationKey) -> ConfigurationKey
    ) -> Recipe {
        for running in ConfigurationKey.ofRunning where section.values[running.name] != nil {
            report(
                "means nothing with recipe = \"static\", which runs nothing; leave it out.",
                at: section.path.appending(running.name)
            )
        }
        var recipe = Recipe()
        recipe.making = .static
        recipe.submodules = base.submodules.merging(submodules(section, key) ?? [:]) { $1 }
        return recipe
    }

    private mutating func readLimits(
        _ section: Section,
        _ recipe: inout Recipe,
        _ key: (ConfigurationKey) -> ConfigurationKey
    ) {
        if let memory = read(key(.sourceMemoryLimit), in: section, { $0.integer }) {
            recipe.limits.memory = Int64(memory) << 20
        }
        if let processes = read(key(.sourceProcessLimit), in: section, { $0.integer }) {
            recipe.limits.processes = processes
        }
        if let disk = read(key(.sourceDiskLimit), in: section, { $0.integer }) {
            recipe.limits.disk = Int64(disk) << 20
        }
    }

    /// - Parameter mayBeDefault: whether an empty array stands for the package's build back end.
    private static func command(_ node: TOMLNode, mayBeDefault: Bool) throws(ValueProblem) -> [String]? {
        guard let words = node.strings else { return nil }
        if words.isEmpty && mayBeDefault { return words }
        guard let program = words.first, !program.isEmpty else {
            throw ValueProblem("names no program; leave the key out for the default command.")
        }
        if words.count == 1 && program.contains(" ") && !program.contains("/") {
            throw ValueProblem("is one word; write \(TOMLNode.strings(ShellWords.argv(program)).text).")
        }
        return words
    }

    private static func environment(_ node: TOMLNode) throws(ValueProblem) -> RecipeEnvironment? {
        guard let values = node.stringsByName else { return nil }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            if RecipeEnvironment([name: value]) != nil { continue }
            let shown = TOMLNode.string(name).text
            if RecipeEnvironment.reserved.contains(name) {
                throw ValueProblem("\(shown) is set by every build; choose another variable.")
            }
            throw ValueProblem("\(shown) is no name of a variable (letters, digits and \"_\").")
        }
        return RecipeEnvironment(values)
    }

    /// A relative path that does not leave where it starts, without empty and `.` segments; `.` for the
    /// start.
    private static func inside(_ text: String, _ whole: String) throws(ValueProblem) -> String {
        let segments = text.split(separator: "/").filter { $0 != "." }
        if text.isEmpty || text.hasPrefix("/") || segments.contains("..") {
            throw ValueProblem("\(TOMLNode.string(text).text) must be a path inside the \(whole).")
        }
        return segments.isEmpty ? "." : segments.joined(separator: "/")
    }
}
