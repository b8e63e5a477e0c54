/// What a published file was made of and how, besides what its key and the rest of its line say.
///
/// Lines from before this was recorded have none.
public struct BuildOrigin: Hashable, Sendable, Codable {
    /// Who made an annotated tag.
    public struct Tagger: Hashable, Sendable, Codable {
        /// As git has it; may be empty.
        public let name: String
        /// As git has it; may be empty.
        public let email: String
        /// Seconds since 1970.
        public let time: Int64

        /// Describes a tagger.
        public init(name: String, email: String, time: Int64) {
            (self.name, self.email, self.time) = (name, email, time)
        }
    }

    /// Where others find the repository, as the configuration said; `nil` where it said nothing.
    public var repositoryURL: String?
    /// The tree of the commit; 40 hexadecimal digits.
    public var tree: String
    /// Of the tag object; `nil` for a light tag.
    public var tagger: Tagger?
    /// What was done, in words.
    public var recipe: RecipeRecord
    /// The program that built and its version, such as `pyindex-fcgi 0.1.0`.
    public var builder: String
    /// Whether the recipe was confined; `nil` where nothing was run.
    public var isConfined: Bool?
    /// When the build began, in seconds since 1970.
    public var started: Int64

    /// Describes a build.
    public init(
        repositoryURL: String?,
        tree: String,
        tagger: Tagger?,
        recipe: RecipeRecord,
        builder: String,
        isConfined: Bool?,
        started: Int64
    ) {
        self.repositoryURL = repositoryURL
        self.tree = tree
        self.tagger = tagger
        self.recipe = recipe
        self.builder = builder
        self.isConfined = isConfined
        self.started = started
    }

    private enum CodingKeys: String, CodingKey {
        case repositoryURL, tree, tagger, recipe, builder, started
        case isConfined = "confined"
    }
}
