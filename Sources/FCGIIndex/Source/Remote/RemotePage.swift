internal import Digest
internal import Fetch
internal import PythonPackaging

/// A project's page as another index has it, with all that it says of each file.
struct RemotePage: Sendable {
    /// A file that can be offered: one whose name says what it is, at a URL that can be asked for. An object, so that lists
    /// of tens of thousands are put together without a look at what they hold.
    final class File: Sendable {
        let filename: DistributionFilename
        let url: WebURL
        let requiresPython: String?
        let uploadTime: Timestamp?
        let digest: FileDigest?
        let size: Int64?
        let metadata: IndexFile.MetadataFile?
        let provenance: String?
        let isSigned: Bool
        let yank: Yank?

        init(
            filename: DistributionFilename,
            url: WebURL,
            requiresPython: String? = nil,
            uploadTime: Timestamp? = nil,
            digest: FileDigest? = nil,
            size: Int64? = nil,
            metadata: IndexFile.MetadataFile? = nil,
            provenance: String? = nil,
            isSigned: Bool = false,
            yank: Yank? = nil
        ) {
            self.filename = filename
            self.url = url
            self.requiresPython = requiresPython
            self.uploadTime = uploadTime
            self.digest = digest
            self.size = size
            self.metadata = metadata
            self.provenance = provenance
            self.isSigned = isSigned
            self.yank = yank
        }
    }

    /// Oldest version first.
    let files: [File]
    let status: ProjectStatus
    /// Files that cannot be offered.
    let leftOut: Int
    /// The first of them and why, for the log; `nil` where there is none.
    let firstLeftOut: String?

    init(_ draft: RemotePageDraft) throws(RemotePageFault) {
        if draft.isTooLong { throw RemotePageFault("It has more than \(RemotePageDraft.most) files.") }
        files = Self.sorted(draft.files)
        status = draft.status
        leftOut = draft.leftOut
        firstLeftOut = draft.firstLeftOut
    }

    /// Mostly they come in this order already.
    static func sorted(_ files: [File]) -> [File] {
        let isSorted = files.indices.dropFirst().allSatisfy {
            !(files[$0].filename.version < files[$0 - 1].filename.version)
        }
        if isSorted { return files }
        let versions = files.map(\.filename.version)
        let order = files.indices.sorted { left, right in
            versions[left] == versions[right] ? left < right : versions[left] < versions[right]
        }
        return order.map { files[$0] }
    }
}

/// Why what another index sent is no page, in a sentence.
struct RemotePageFault: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A page while it is read: judges what either format says of a file, one at a time.
struct RemotePageDraft: Sendable {
    /// What a page says of a file, before anybody believed it.
    struct Entry {
        /// `nil`: the last segment of the URL says it.
        var filename: String?
        var url = ""
        var digests: [(algorithm: String, hex: String)] = []
        var size: Int64?
        var requiresPython: String?
        var uploadTime: String?
        var metadata: IndexFile.MetadataFile?
        var provenance: String?
        var isSigned = false
        var yank: Yank?
    }

    let name: ProjectName
    /// What relative URLs start from.
    var base: WebURL
    private(set) var files: [RemotePage.File] = []
    private(set) var leftOut = 0
    private(set) var firstLeftOut: String?
    /// Whether there were more files than a page may have.
    private(set) var isTooLong = false
    var status = ProjectStatus.active

    /// Files of one page.
    static let most = 200_000
    /// Bytes of a text that a page says of a file.
    private static let longestText = 8192

    init(name: ProjectName, base: WebURL) { (self.name, self.base) = (name, base) }

    /// Makes room for `count` more files: growing step by step would copy most of them twice. False where they are too
    /// many.
    mutating func expect(_ count: Int) -> Bool {
        isTooLong = isTooLong || files.count + count > Self.most
        if !isTooLong { files.reserveCapacity(files.count + count) }
        return !isTooLong
    }

    /// Judges the version that a page announces: of another major version nothing is known (PEP 629).
    static func check(apiVersion: String?) throws(RemotePageFault) {
        guard let apiVersion else { return }
        guard apiVersion.split(separator: ".").first == "1" else {
            throw RemotePageFault(
                "It announces version \(apiVersion.prefix(16)) of the Simple API; 1 is known here."
            )
        }
    }

    /// Takes a file, or notes why not.
    mutating func add(_ entry: Entry) {
        if files.count >= Self.most { return isTooLong = true }
        guard let url = base.resolving(entry.url) else {
            return leaveOut(entry, "its URL cannot be asked for")
        }
        guard let written = entry.filename ?? PercentEncoding.decode(url.lastSegment) else {
            return leaveOut(entry, "its URL names no file")
        }
        // A name becomes a part of paths and URLs here.
        if written.utf8.contains(UInt8(ascii: "/")) { return leaveOut(entry, "its name has a slash") }
        guard let filename = DistributionFilename(written, of: name) else {
            return leaveOut(entry, "its name is that of no distribution of \(name)")
        }
        if entry.filename != nil, Self.names(url, another: filename, written) {
            return leaveOut(entry, "its URL names another version")
        }
        files.append(
            RemotePage.File(
                filename: filename,
                url: url,
                requiresPython: Self.text(entry.requiresPython),
                uploadTime: entry.uploadTime.flatMap { Timestamp($0) },
                digest: Self.digest(entry.digests),
                size: entry.size.flatMap { $0 >= 0 ? $0 : nil },
                metadata: entry.metadata,
                provenance: Self.text(entry.provenance).flatMap { base.resolving($0)?.description },
                isSigned: entry.isSigned,
                yank: entry.yank.map { Yank(reason: Self.text($0.reason)) }
            )
        )
    }

    /// Takes the files of another part of the page, which come after those that it has.
    mutating func append(_ other: RemotePageDraft) {
        guard expect(other.files.count) else { return }
        files += other.files
        leftOut += other.leftOut
        firstLeftOut = firstLeftOut ?? other.firstLeftOut
    }

    /// In HTML, and so for who asks for it here, the URL alone says what a file is.
    private static func names(_ url: WebURL, another filename: DistributionFilename, _ written: String)
        -> Bool
    {
        let last = url.lastSegment
        if last == written { return false }
        let other = PercentEncoding.decode(last).flatMap { DistributionFilename($0, of: filename.project) }
        return other.map { $0.version != filename.version } ?? false
    }

    private mutating func leaveOut(_ entry: Entry, _ reason: String) {
        leftOut += 1
        if firstLeftOut == nil {
            firstLeftOut = "\"\((entry.filename ?? entry.url).prefix(200))\": \(reason)"
        }
    }

    /// The strongest that can be computed here.
    private static func digest(_ digests: [(algorithm: String, hex: String)]) -> FileDigest? {
        if digests.count == 1, digests[0].algorithm == "sha256" {
            return FileDigest(.sha256, hex: digests[0].hex)
        }
        for algorithm in FileDigest.Algorithm.allCases {
            guard let found = digests.first(where: { $0.algorithm == algorithm.rawValue }) else { continue }
            if let digest = FileDigest(algorithm, hex: found.hex) { return digest }
        }
        return nil
    }

    /// Without control characters, which no client of ours shall get.
    private static func text(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        if text.utf8.count <= longestText, text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) { return text }
        let clean = String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
        return String(clean.prefix(longestText))
    }
}
