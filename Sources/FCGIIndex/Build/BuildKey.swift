public import PythonPackaging

/// One file to build, said completely: whoever holds it needs no table of tags.
///
/// It crosses to the build command as JSON, so each field is plain text or a number.
public struct BuildKey: Hashable, Sendable, Codable {
    /// The source's name in the configuration.
    public let source: String
    /// Normalized.
    public let project: ProjectName
    /// Canonical (PEP 440).
    public let version: Version
    /// The tag, without `refs/tags/`.
    public let tag: String
    /// The tag object of an annotated tag, else the commit; 40 hexadecimal digits.
    public let tagObject: String
    /// 40 hexadecimal digits.
    public let commit: String
    /// Seconds since 1970 of the commit, the time of every file in the archive.
    public let commitTime: Int64
    /// The package's directory from the root of the tree; empty for the root itself.
    public let directory: String
    /// `Recipe.digest`.
    public let recipe: String

    /// Names a build; the parts are those of the release that is built.
    public init(
        source: String,
        project: ProjectName,
        version: Version,
        tag: String,
        tagObject: String,
        commit: String,
        commitTime: Int64,
        directory: String,
        recipe: String
    ) {
        self.source = source
        self.project = project
        self.version = version
        self.tag = tag
        self.tagObject = tagObject
        self.commit = commit
        self.commitTime = commitTime
        self.directory = directory
        self.recipe = recipe
    }

    /// The file's identity: not of the tag's name, so two tags of one commit are one file.
    public var identity: Identity {
        Self.identity(
            source: source,
            project: project,
            version: version,
            commit: commit,
            directory: directory,
            recipe: recipe
        )
    }

    static func identity(
        source: String,
        project: ProjectName,
        version: Version,
        commit: String,
        directory: String,
        recipe: String
    ) -> Identity {
        Identity(hashing: [
            "sdist", source, commit, directory, project.normalized, version.description, recipe,
            String(Recipe.format),
        ])
    }

    /// The name the file will have (PEP 625).
    public var filename: SourceDistributionFilename {
        SourceDistributionFilename(project: project, version: version)
    }
}
