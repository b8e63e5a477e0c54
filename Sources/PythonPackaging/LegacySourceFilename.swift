/// The file name of a source distribution as tools before PEP 625 wrote it: `Acme.Core-1.0-beta.zip`.
///
/// Such a name does not say where its project ends, for both parts may hold hyphens.
public struct LegacySourceFilename: Hashable, Sendable, CustomStringConvertible {
    /// The archive formats that Python's distutils could write, and `.tar.xz`.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case tarGzip = ".tar.gz"
        case shortTarGzip = ".tgz"
        case tarBzip2 = ".tar.bz2"
        case tarXZ = ".tar.xz"
        case tarCompress = ".tar.Z"
        case tar = ".tar"
        case zip = ".zip"
    }

    /// What the file is a distribution of.
    public let project: ProjectName
    /// Its version.
    public let version: Version
    /// The archive's format, by the end of the name.
    public let format: Format
    /// The name as written.
    public let description: String

    /// Reads a name whose project is not known: the shortest end that is a version is the version, the rest
    /// the project. `nil` when there is none.
    public init?(_ text: some StringProtocol) { self.init(text) { _ in true } }

    /// Reads a name of a file of `project`; `nil` when it is none.
    public init?(_ text: some StringProtocol, of project: ProjectName) { self.init(text) { $0 == project } }

    private init?(_ text: some StringProtocol, where isExpected: (ProjectName) -> Bool) {
        let parts = text.withBytes { bytes -> (ProjectName, Version, Format)? in
            guard let format = Format.allCases.first(where: { bytes.ends(with: $0.rawValue) }) else {
                return nil
            }
            let stem = bytes[part: 0..<bytes.count - format.rawValue.utf8.count]
            for hyphen in stem.indices.reversed() where stem[hyphen] == UInt8(ascii: "-") {
                let end = stem[part: hyphen + 1..<stem.count]
                // White space is allowed around a version, but not inside a file name.
                guard end.first?.isAlphanumeric == true, end.last?.isSpace == false,
                    let version = Version(utf8: end), let project = ProjectName(utf8: stem[part: 0..<hyphen]),
                    isExpected(project)
                else { continue }
                return (project, version, format)
            }
            return nil
        }
        guard let parts else { return nil }
        (project, version, format) = parts
        description = String(text)
    }
}
