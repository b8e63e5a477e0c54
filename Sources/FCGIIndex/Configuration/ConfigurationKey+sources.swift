/// The keys of every `[[source]]`, and those of the types with few of their own.
extension ConfigurationKey {
    static let sourceName = ConfigurationKey(
        .source,
        "name",
        .text("a name of letters, digits, \".\", \"_\" and \"-\""),
        required: true,
        example: .string("monorepo"),
        "Names the source in messages and in the ledger; a new name means new URLs for its files."
    )
    static let sourceType = ConfigurationKey(
        .source,
        "type",
        .choice(["git", "directory", "simple"]),
        required: true,
        example: .string("git"),
        "\"git\": releases are the tags of a repository on disk; \"directory\": the files of a folder; "
            + "\"simple\": another index, for all other names."
    )

    // MARK: type = "directory"

    static let folder = ConfigurationKey(
        .directorySource,
        "path",
        .path,
        required: true,
        example: .string("/srv/wheels"),
        "The folder: flat, or with directories in it at any depth; it is only read."
    )
    static let folderPackages = ConfigurationKey(
        .directorySource,
        "packages",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        example: .strings(["acme-*"]),
        "Names this source claims, also before their first file, and may release; without it, it may release all."
    )

    // MARK: type = "simple"

    static let url = ConfigurationKey(
        .simpleSource,
        "url",
        .text("an http:// or https:// URL"),
        required: true,
        example: .string("https://index.example/simple/"),
        "The index's project list, without user name or password; clients are sent there."
    )
    static let mode = ConfigurationKey(
        .simpleSource,
        "mode",
        .choice(["redirect"]),
        default: .string("redirect"),
        "How it answers: clients are redirected to it."
    )
}
