internal import Digest
internal import FoundationEssentials
internal import PythonPackaging

/// The JSON API from before the Simple API had one (`/pypi/<project>/json`), for tools that still ask for it.
///
/// Keys without a value are left out. URLs are relative to the page, unless the configuration has a `public-url`.
struct LegacyJSON: Encodable {
    struct File: Encodable {
        let filename: String
        let url: String
        let packagetype: String
        let python_version: String
        let requires_python: String?
        let digests: [String: String]
        let size: Int64?
        let has_sig: Bool
        let upload_time_iso_8601: String?
        let yanked: Bool
        let yanked_reason: String?
    }

    let info: LegacyInfo
    /// Of the release that `info` tells of.
    let urls: [File]
    /// By version; only of a project, not of one release.
    let releases: [String: [File]]?

    /// Tells of `version`, or of the newest release with all others beside it. `nil` when there is no such release.
    ///
    /// - Parameters:
    ///   - root: what a file's path below the index is put behind.
    ///   - metadata: the core metadata of a file, where it can be had.
    init?(_ page: ProjectPage, version: Version?, root: String, metadata: (IndexFile) -> CoreMetadata?) {
        guard let shown = version ?? Self.newest(of: page.files) else { return nil }
        let files = page.files.filter { $0.filename.version == shown }
        if files.isEmpty { return nil }
        let known = files.lazy.compactMap(metadata).first
        info = LegacyInfo(page.name, shown, known, files: files)
        urls = files.map { File($0, of: page.name, root: root) }
        guard version == nil else {
            releases = nil
            return
        }
        releases = Dictionary(grouping: page.files) { $0.filename.version.description }
            .mapValues { files in files.map { File($0, of: page.name, root: root) } }
    }

    /// The whole answer; `nil` is not possible but for a lack of memory.
    func encoded() -> [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { [UInt8]($0) }
    }

    /// The newest final release that is not yanked, else the newest final one, else the newest.
    private static func newest(of files: [IndexFile]) -> Version? {
        let final = files.filter { !$0.filename.version.isPrerelease }
        let candidates = final.filter { $0.yank == nil }
        return [candidates, final, files].lazy.compactMap { $0.map(\.filename.version).max() }.first
    }
}

extension LegacyJSON.File {
    fileprivate init(_ file: IndexFile, of name: ProjectName, root: String) {
        filename = file.filename.description
        url = file.url ?? root + FileURL.path(name, file.identity, filename)
        (packagetype, python_version) =
            switch file.filename {
            case .wheel(let wheel): ("bdist_wheel", wheel.pythonTags.joined(separator: "."))
            case .egg(let egg): ("bdist_egg", egg.python ?? "any")
            case .source, .legacySource: ("sdist", "source")
            }
        requires_python = file.requiresPython
        digests = file.bytes?.digest.map { [$0.algorithm.rawValue: $0.hex] } ?? [:]
        size = file.bytes?.size
        has_sig = file.isSigned
        upload_time_iso_8601 = file.uploadTime?.description
        yanked = file.yank != nil
        yanked_reason = file.yank?.reason
    }
}
