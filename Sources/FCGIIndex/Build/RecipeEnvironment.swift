/// Variables that a recipe gives to its command, besides those that every build has.
public struct RecipeEnvironment: Hashable, Sendable {
    /// The values by name.
    public private(set) var variables: [String: String] = [:]

    /// Variables with another meaning, which no recipe sets: they say where the build lies and what finds it.
    static let reserved: Set = ["PATH", "PWD", "HOME", "TMPDIR", "VIRTUAL_ENV", BuildEnvironment.tokenName]
    /// The ends of the names of variables that hold secrets.
    private static let secretEndings = ["PASSWORD", "TOKEN", "SECRET", "KEY"]

    /// No variables.
    public init() {}

    /// Takes a variable in, in the place of one of the same name; `nil` when `name` is none, or reserved.
    init?(_ variables: [String: String]) {
        for name in variables.keys where !Self.isName(name) || Self.reserved.contains(name) { return nil }
        self.variables = variables
    }

    /// Whether a variable may be called `name` (POSIX.1-2017 §8.1).
    static func isName(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { $0.isBareKeyByte && $0 != UInt8(ascii: "-") }
        let startsWithDigit = name.utf8.first.map { (48...57).contains($0) } ?? true
        return isPlain && !startsWithDigit
    }

    /// These variables, and those of `other`, which count where both have a name.
    func adding(_ other: RecipeEnvironment) -> RecipeEnvironment {
        var sum = self
        sum.variables.merge(other.variables) { $1 }
        return sum
    }

    /// Whether there are none.
    public var isEmpty: Bool { variables.isEmpty }
    /// How many there are.
    public var count: Int { variables.count }

    /// Whether the variable `name` holds a secret, by how it is called: it is kept out of logs and of digests.
    static func isSecret(_ name: String) -> Bool {
        secretEndings.contains { name.uppercased().hasSuffix($0) }
    }

    /// The values that must not be seen in a log.
    var secrets: [String] { variables.filter { Self.isSecret($0.key) }.map(\.value) }

    /// What may be told of them: the names, and the values but for those of secrets.
    var forRecord: [String: String?] {
        Dictionary(
            uniqueKeysWithValues: variables.map { ($0.key, Self.isSecret($0.key) ? nil : $0.value) }
        )
    }

    /// What of them may change what is built: names, and values but for those of secrets.
    var forDigest: [String] {
        variables.sorted { $0.key < $1.key }.map { Self.isSecret($0.key) ? $0.key : "\($0.key)=\($0.value)" }
    }
}
