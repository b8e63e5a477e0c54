internal import Digest
internal import Fetch
internal import PythonPackaging

/// The releases of a repository: what of them can be offered, and what not.
struct GitHubReleases: RemoteContent {
    /// A repository, and who may see it: what was said to one token is nobody else's. `nil` for the server's own.
    struct Key: Hashable, Sendable, CustomStringConvertible {
        let repository: GitHubRepository
        let scope: SHA256Digest?

        var description: String { repository.description }
    }

    /// An asset that is a distribution.
    struct Asset: Sendable {
        let file: RemotePage.File
        /// The tag of its release.
        let tag: String
        let isPrerelease: Bool
    }

    /// An asset that is none, or is not there for everybody yet.
    struct LeftOut: Sendable {
        let name: String
        /// A sentence.
        let reason: String
    }

    /// Newest release first.
    let assets: [Asset]
    /// The first of those that are left out.
    let leftOut: [LeftOut]
    let leftOutCount: Int

    /// Assets of one repository.
    private static let most = 200_000
    /// As many that are left out are known by name.
    private static let mostLeftOut = 100

    static func name(of key: Key) -> String {
        let name = "\(key.repository.owner)+\(key.repository.name)"
        return key.scope.map { "\($0)+\(name)" } ?? name
    }

    /// The repository whose page the server itself keeps by `name`; `nil` where that is no such name.
    static func repository(of name: String) -> GitHubRepository? {
        let parts = name.split(separator: "+", omittingEmptySubsequences: false)
        return parts.count == 2 ? GitHubRepository(owner: String(parts[0]), name: String(parts[1])) : nil
    }

    func projects(of key: Key) -> Set<ProjectName> { Set(assets.map(\.file.filename.project)) }

    var weight: Int { 1000 + assets.count * 500 + leftOut.count * 200 }

    var leftOutNotice: String? {
        leftOut.first.map {
            "\(leftOutCount) files are left out; \"\($0.name.prefix(200))\": \($0.reason.prefix(200))"
        }
    }

    init(_ page: KeptPage, of key: Key) throws(RemotePageFault) {
        guard let pages = Self.pages(in: page) else { throw RemotePageFault("It is no list of releases.") }
        var assets: [Asset] = []
        var leftOut: [LeftOut] = []
        var leftOutCount = 0
        for release in pages.flatMap(\.releases) {
            for asset in release.assets {
                if assets.count >= Self.most { throw RemotePageFault("It has more than \(Self.most) files.") }
                switch Self.judge(asset, of: release) {
                case .success(let file):
                    assets.append(Asset(file: file, tag: release.tag, isPrerelease: release.isPrerelease))
                case .failure(let problem):
                    leftOutCount += 1
                    guard leftOut.count < Self.mostLeftOut else { continue }
                    leftOut.append(LeftOut(name: asset.name, reason: problem.description))
                }
            }
        }
        (self.assets, self.leftOut, self.leftOutCount) = (assets, leftOut, leftOutCount)
    }

    private static func judge(
        _ asset: GitHubReleasePage.Asset,
        of release: GitHubReleasePage.Release
    ) -> Result<RemotePage.File, RemotePageFault> {
        if release.isDraft { return .failure(.init("Its release \(release.tag) is a draft.")) }
        if let state = asset.state, state != "uploaded" {
            return .failure(.init("It is not uploaded yet."))
        }
        guard let filename = DistributionFilename(asset.name), !asset.name.utf8.contains(UInt8(ascii: "/"))
        else {
            return .failure(.init("Its name is that of no distribution."))
        }
        guard let url = WebURL(asset.url) else { return .failure(.init("Its URL cannot be asked for.")) }
        let digest = asset.digest.flatMap { text -> FileDigest? in
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let algorithm = FileDigest.Algorithm(rawValue: String(parts[0])) else {
                return nil
            }
            return FileDigest(algorithm, hex: parts[1])
        }
        return .success(
            RemotePage.File(
                filename: filename,
                url: url,
                uploadTime: asset.created.flatMap { Timestamp($0) },
                digest: digest,
                size: asset.size.flatMap { $0 >= 0 ? $0 : nil }
            )
        )
    }
}
