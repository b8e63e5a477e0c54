extension ConfigurationKey {
    /// Every key of the file of yanks and statuses, in the order of the manual.
    public static let verdicts: [ConfigurationKey] =
        [yankedProject, yankedVersion, yankedFile, yankReason, statusProject, statusMarker, statusReason]

    // MARK: [[yank]]

    static let yankedProject = ConfigurationKey(
        .yank,
        "project",
        .text("a project name"),
        required: true,
        example: .string("acme-core"),
        "The project whose files are yanked."
    )
    static let yankedVersion = ConfigurationKey(
        .yank,
        "version",
        .text("a version such as \"1.0\", a pattern such as \"1.2.*\", or specifiers such as \"<1.3\""),
        example: .string("1.2.*"),
        "The versions whose files are yanked: one, in every spelling; those that a pattern with \"*\" and \"?\" "
            + "matches; or those that PEP 440 specifiers allow."
    )
    static let yankedFile = ConfigurationKey(
        .yank,
        "file",
        .text("a file name, with \"*\" for any characters and \"?\" for one"),
        example: .string("acme_core-1.2-*win*.whl"),
        "The files that are yanked, by a pattern over their names, in place of version."
    )
    static let yankReason = ConfigurationKey(
        .yank,
        "reason",
        .text("a text"),
        example: .string("Broken on Python 3.13."),
        "Why; pip and uv show it to who installs the version nevertheless."
    )

    // MARK: [[status]]

    static let statusProject = ConfigurationKey(
        .status,
        "project",
        .text("a project name"),
        required: true,
        example: .string("acme-old"),
        "The project that is marked."
    )
    static let statusMarker = ConfigurationKey(
        .status,
        "status",
        .choice(ProjectStatus.Marker.allCases.map(\.rawValue)),
        required: true,
        example: .string("archived"),
        "Its state by PEP 792; of a quarantined project no file is offered."
    )
    static let statusReason = ConfigurationKey(
        .status,
        "reason",
        .text("a text"),
        example: .string("Use acme-core."),
        "Why, for people."
    )
}
