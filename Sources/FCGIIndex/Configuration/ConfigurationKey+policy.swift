/// The keys that say what of a source, or of a group of sources, is offered.
extension ConfigurationKey {
    static let minimumAge = ConfigurationKey(
        .source,
        "minimum-age",
        .integer(1...36_500),
        example: .integer(7),
        "Days that a file must be old before it is offered."
    )
    static let minimumAgeSince = ConfigurationKey(
        .source,
        "minimum-age-since",
        .choice(MinimumAge.Basis.allCases.map(\.rawValue)),
        default: .string("upload-time"),
        "\"upload-time\": a file's age counts from when its index says that it was uploaded; \"first-seen\": from when "
            + "this index first saw it."
    )
    static let minimumAgeExcept = ConfigurationKey(
        .source,
        "minimum-age-except",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        default: .strings([]),
        example: .strings(["acme-*"]),
        "Projects whose files are offered at any age."
    )

    /// The keys that a source and a group of sources have alike.
    static let ofPolicies = [minimumAge, minimumAgeSince, minimumAgeExcept]

    /// The same key of `[[group]]`.
    var inGroup: ConfigurationKey {
        ConfigurationKey(
            .group,
            name,
            kind,
            default: standard,
            required: isRequired,
            example: sample,
            sentence
        )
    }

    // MARK: [[source.allow]], [[source.deny]]

    static let ruleProjects = ConfigurationKey(
        .rule,
        "projects",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        example: .strings(["acme-*"]),
        "Means files of these projects."
    )
    static let ruleVersions = ConfigurationKey(
        .rule,
        "versions",
        .text("a version such as \"1.0\", a pattern such as \"1.2.*\", or specifiers such as \"<1.3\""),
        example: .string("<3"),
        "Means files of these versions."
    )
    static let ruleTypes = ConfigurationKey(
        .rule,
        "types",
        .strings("an array of \"wheel\", \"sdist\" and \"egg\""),
        example: .strings(["wheel"]),
        "Means files of these types."
    )
    static let ruleFiles = ConfigurationKey(
        .rule,
        "files",
        .strings("an array of patterns of file names, with \"*\" and \"?\""),
        example: .strings(["*-none-any.whl"]),
        "Means files with names like these: \"*\" is any characters, \"?\" one."
    )

    // MARK: [[group]]

    static let groupName = ConfigurationKey(
        .group,
        "name",
        .text("a name of letters, digits, \".\", \"_\" and \"-\""),
        required: true,
        example: .string("public"),
        "Names the group in messages; no source may have the same name."
    )
    static let groupMembers = ConfigurationKey(
        .group,
        "members",
        .strings("an array of names of sources"),
        required: true,
        example: .strings(["wheels", "mirror"]),
        "The sources of the group, which stand one after another in the file, in this order."
    )
    static let merge = ConfigurationKey(
        .group,
        "merge",
        .boolean,
        default: .boolean(false),
        "Puts the files of all sources of the group that have a project on its page; else the first one answers alone."
    )
    static let shared = ConfigurationKey(
        .group,
        "shared",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        default: .strings([]),
        example: .strings(["numpy"]),
        "Public projects: other indexes of the group are asked for them although a source here has files of them too."
    )
}
