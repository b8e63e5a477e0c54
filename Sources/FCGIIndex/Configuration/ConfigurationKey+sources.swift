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
        .choice(["git", "directory", "files", "github-releases", "simple"]),
        required: true,
        example: .string("git"),
        "\"git\": releases are the tags of a repository on disk; \"directory\": the files of a folder; "
            + "\"files\": the files that a list names, on another server; "
            + "\"github-releases\": the files beside releases on GitHub; "
            + "\"simple\": another index, for names that no source above it has."
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

    // MARK: type = "files"

    static let fileList = ConfigurationKey(
        .fileListSource,
        "path",
        .path,
        required: true,
        example: .string("/srv/packages.jsonl"),
        "The list: on each line the name of a file, or a JSON object with filename and what else is known of it."
    )
    static let packagesURL = ConfigurationKey(
        .fileListSource,
        "packages-url",
        .text("a URL, or a path from a project's page"),
        required: true,
        example: .string("https://files.example/packages/"),
        "Where the files are, and their names are put behind it; \"../../pool/\" starts from a project's page."
    )
    static let listedPackages = ConfigurationKey(
        .fileListSource,
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
        "The index's project list, without user name or password."
    )
    static let mode = ConfigurationKey(
        .simpleSource,
        "mode",
        .choice(SimpleSourceMode.allCases.map(\.rawValue)),
        default: .string("fallback"),
        "\"fallback\": clients are sent to its page; \"redirect\": its page is served here, its files from there; "
            + "\"proxy\": files are handed through; \"cache\": files are kept, once their digest was found right."
    )
    static let maxAge = ConfigurationKey(
        .simpleSource,
        "max-age",
        .seconds(1...604_800),
        default: .integer(300),
        "How old a page may be that is served without asking the index whether it changed."
    )
    static let hosts = ConfigurationKey(
        .simpleSource,
        "hosts",
        .strings("an array of host names"),
        example: .strings(["files.index.example"]),
        "Hosts besides its own that it may have its files on; without it, all with public addresses, by https."
    )
    static let netrc = ConfigurationKey(
        .simpleSource,
        "netrc",
        .path,
        example: .string("/etc/pyindex/netrc"),
        "A file with user names and passwords for the index's host and for those in hosts."
    )
    static let username = ConfigurationKey(
        .simpleSource,
        "username",
        .text("a user name without \":\""),
        example: .string("reader"),
        "Whom the index takes this one for; it is sent to the index's own server alone."
    )
    static let passwordFile = ConfigurationKey(
        .simpleSource,
        "password-file",
        .path,
        example: .string("/etc/pyindex/password"),
        "A file with the password, or a token in its place, in its first line; it is read anew for each request."
    )
    static let passwordVariable = ConfigurationKey(
        .simpleSource,
        "password-variable",
        .text("the name of an environment variable"),
        example: .string("PYINDEX_PASSWORD"),
        "The environment variable that has the password instead."
    )
    static let caFile = ConfigurationKey(
        .simpleSource,
        "ca-file",
        .path,
        example: .string("/etc/pyindex/ca.pem"),
        "Certificates to trust instead of those of the system, in PEM."
    )
}
