internal import Archive
internal import POSIX
internal import PythonPackaging

/// The metadata inside a distribution, as far as an index may believe it.
struct FileMetadata: Sendable {
    /// What may be offered beside the file (PEP 658): of a wheel always, of a source distribution where a build
    /// would say the same (PEP 643); `nil` for the rest.
    let offered: [UInt8]?
    /// Valid specifiers, as written.
    let requiresPython: String?
    /// Why nothing is believed, in one sentence; `nil` where nothing is wrong.
    let problem: String?

    /// Reads what is inside the file at `path`. Blocks.
    ///
    /// - Throws: this machine's failure to read it.
    init(_ path: String, as file: DistributionFilename) throws(SystemError) {
        try self.init(of: file) { kind throws(MetadataError) in
            try DistributionArchive.metadata(of: path, as: kind)
        }
    }

    /// Reads what is inside a file of which all bytes are at hand.
    init(_ bytes: UnsafeRawBufferPointer, as file: DistributionFilename) throws(SystemError) {
        try self.init(of: file) { kind throws(MetadataError) in
            try DistributionArchive.metadata(of: bytes, as: kind)
        }
    }

    /// Reads what is inside a zip of which `read` gets the bytes of a range, all of them or `nil`.
    init(
        size: Int64,
        as file: DistributionFilename,
        read: (Range<Int64>) -> [UInt8]?
    ) throws(SystemError) {
        try self.init(of: file) { kind throws(MetadataError) in
            try DistributionArchive.metadata(size: size, as: kind, read: read)
        }
    }

    private init(
        of file: DistributionFilename,
        _ find: (DistributionArchive.Kind) throws(MetadataError) -> DistributionArchive.Found
    ) throws(SystemError) {
        do throws(MetadataError) {
            self = Self.judge(try find(file.archiveKind), of: file)
        } catch {
            if case .system(let error) = error { throw error }
            self.init(problem: error.description)
        }
    }

    private init(offered: [UInt8]? = nil, requiresPython: String? = nil, problem: String? = nil) {
        (self.offered, self.requiresPython, self.problem) = (offered, requiresPython, problem)
    }

    private static func judge(_ found: DistributionArchive.Found, of file: DistributionFilename) -> Self {
        let metadata: CoreMetadata
        do throws(CoreMetadataError) {
            metadata = try CoreMetadata(parsing: found.bytes)
        } catch { return Self(problem: "Its metadata cannot be read: \(error.description)") }
        guard ProjectName(metadata.name) == file.project else {
            let name = ProjectName(metadata.name).map { "\"\($0)\"" } ?? "no valid name"
            return Self(problem: "Its metadata has \(name), its file name \"\(file.project)\".")
        }
        guard Version(metadata.version) == file.version else {
            let version = Version(metadata.version).map { "version \($0)" } ?? "no valid version"
            return Self(problem: "Its metadata has \(version), its file name \(file.version).")
        }
        if case .wheel = file, !isDirectory(found.directory, of: file.project) {
            return Self(problem: "Its .dist-info directory is that of another project.")
        }
        let requiresPython = metadata.requiresPython.flatMap {
            let isValid =
                $0.utf8.count <= longestSpecifiers
                && areSpecifiers.value(for: $0) { VersionSpecifiers($0) != nil }
            return isValid ? $0 : nil
        }
        let isOffered =
            switch file {
            case .wheel: true
            case .source, .legacySource: metadata.isTrustworthyUnbuilt
            case .egg: false
            }
        return Self(offered: isOffered ? found.bytes : nil, requiresPython: requiresPython)
    }

    /// Bytes of a `Requires-Python` that stands on every page; none that means something is longer.
    private static let longestSpecifiers = 1000
    /// Thousands of files say one of a few.
    private static let areSpecifiers = Memo<Bool>(limit: 256, longest: longestSpecifiers)

    /// As pip demands it: the directory's name, normalized, begins with the project's.
    private static func isDirectory(_ directory: String, of project: ProjectName) -> Bool {
        directory.lowercased().split { "-_.".contains($0) }.joined(separator: "-").hasPrefix(
            project.normalized
        )
    }
}

extension DistributionFilename {
    /// Where the metadata lies in a file of this name.
    fileprivate var archiveKind: DistributionArchive.Kind {
        switch self {
        case .wheel: .wheel
        case .egg: .egg
        case .source: .source(.tar(.gzip))
        case .legacySource(let name):
            switch name.format {
            case .tarGzip, .shortTarGzip: .source(.tar(.gzip))
            case .tarBzip2: .source(.tar(.bzip2))
            case .tarXZ: .source(.tar(.xz))
            case .tarCompress: .source(.tar(.compress))
            case .tar: .source(.tar(.none))
            case .zip: .source(.zip)
            }
        }
    }
}
