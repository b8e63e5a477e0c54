/// The keys of `[[index]]`.
extension ConfigurationKey {
    static let mount = ConfigurationKey(
        .mount,
        "mount",
        .text("a URL path such as \"/\" or \"/team-a/\""),
        required: true,
        example: .string("/team-a/"),
        "The URL path of the index below base-path; its project list is at simple/ below that."
    )
    static let indexSources = ConfigurationKey(
        .mount,
        "sources",
        .strings("an array of names of sources and groups"),
        required: true,
        example: .strings(["monorepo", "public"]),
        "The sources of the index in the order in which they are asked; a group stands for its members, and what is "
            + "offered of it."
    )
    static let indexShared = ConfigurationKey(
        .mount,
        "shared",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        default: .strings([]),
        example: .strings(["numpy"]),
        "Projects that this index may take from other servers although a source that only other indexes have owns the "
            + "name."
    )
}
