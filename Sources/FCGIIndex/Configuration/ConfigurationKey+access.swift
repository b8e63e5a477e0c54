/// Who may read what: keys at the top of the file, and those of `[[access]]`.
extension ConfigurationKey {
    static let accessGroups = ConfigurationKey(
        .main,
        "access-groups",
        .path,
        example: .string("groups"),
        "File of the groups that [[access]] names, such as Apache's AuthGroupFile (\"group: user user\"); a change of it "
            + "needs no reload."
    )
    static let realm = ConfigurationKey(
        .main,
        "realm",
        .text("printable ASCII without quotation marks and backslashes"),
        default: .string("Python packages"),
        "What clients are told that credentials are for, where [[access]] wants some (401)."
    )
    static let directFiles = ConfigurationKey(
        .main,
        "direct-files",
        .boolean,
        default: .boolean(false),
        "Says that the web server hands out built files without asking here; [[access]] is refused then, and a "
            + "quarantine is an error of check."
    )

    // MARK: [[access]]

    static let accessProjects = ConfigurationKey(
        .access,
        "projects",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        required: true,
        example: .strings(["acme-secret-*"]),
        "The projects that the rule decides about, unless a rule above it does; a project that no rule names may be read "
            + "by everybody."
    )
    static let accessUsers = ConfigurationKey(
        .access,
        "users",
        .strings("an array of users as the web server authenticates them, or [\"*\"] for all of them"),
        example: .strings(["ann"]),
        "The users who may read them."
    )
    static let accessGroupNames = ConfigurationKey(
        .access,
        "groups",
        .strings("an array of groups"),
        example: .strings(["security"]),
        "The groups whose members may read them, as access-groups or the web server (PYINDEX_GROUPS) says."
    )
    static let accessEverybody = ConfigurationKey(
        .access,
        "everybody",
        .boolean,
        default: .boolean(false),
        "Whether everybody may read them, also without credentials; it stands alone, without users and groups."
    )
    static let accessAction = ConfigurationKey(
        .access,
        "action",
        .choice(["read"]),
        default: .string("read"),
        "What they may do."
    )
}
