internal import PythonPackaging

/// How a tag's name says which project and version it releases, and where the package lies in its tree.
public struct TagRule: Hashable, Sendable {
    /// What a rule reads from a tag.
    public struct Match: Hashable, Sendable {
        /// The package as the tag writes it, or as the rule fixes it; `nil`: every project of the tagged tree.
        public let package: String?
        /// The version as the tag writes it.
        public let version: String
    }

    /// The pattern as the configuration has it.
    public let text: String
    /// The package of a rule that fixes it; such a pattern needs no `{package}`.
    public let package: String?
    /// The package's directory, with `{package}` for the package as written in the tag; empty for the root; `nil`:
    /// where in the tagged tree a project of that name is found.
    public let directoryTemplate: String?
    private let matcher: TagPattern

    /// Reads a pattern such as `{package}/v{version}`, or a regular expression with the groups `version` and
    /// `package`; it is one when it holds `(?<version>` or `(?P<version>`.
    ///
    /// - Parameter directory: `directoryTemplate`. Where it is `nil` the pattern need not say the package.
    /// - Throws: `TagRuleError`, one sentence on what is wrong.
    public init(_ text: String, package: String? = nil, directory: String? = "{package}") throws(TagRuleError)
    {
        if let package, ProjectName(package) == nil {
            throw TagRuleError("\"\(package)\" is not a project name.")
        }
        self.text = text
        self.package = package
        directoryTemplate = try directory.map { template throws(TagRuleError) in try Self.directory(template)
        }
        matcher = try TagPattern(text, package != nil ? .fixed : directory == nil ? .optional : .required)
    }

    /// What `tag` releases by this rule; `nil` when the rule does not match it.
    public func match(_ tag: String) -> Match? {
        guard let (written, version) = matcher.match(tag) else { return nil }
        return Match(package: package ?? written, version: version)
    }

    /// The directory of `package` (as written) from the root of the tree; empty for the root, `nil` where it is to be
    /// found.
    public func directory(of package: String) -> String? {
        directoryTemplate?.replacing("{package}", with: package)
    }

    private static func directory(_ template: String) throws(TagRuleError) -> String {
        let parts = template.split(separator: "/", omittingEmptySubsequences: true)
        if template.hasPrefix("/") || parts.contains("..") || template.utf8.contains(0) {
            throw TagRuleError("The directory \"\(template)\" must be a path inside the repository.")
        }
        return parts.filter { $0 != "." }.joined(separator: "/")
    }
}

/// What is wrong with a rule for tags, in one sentence.
public struct TagRuleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As it is written in messages and files.
    public let description: String

    init(_ description: String) { self.description = description }
}
