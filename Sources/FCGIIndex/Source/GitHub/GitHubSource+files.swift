internal import Fetch
internal import Logging
internal import PythonPackaging

/// Files of releases.
extension GitHubSource {
    /// The list that names the files which `visitor` may have: however old, but for callers, whose tokens may have been
    /// taken back.
    func list(
        _ repository: GitHubRepository,
        for name: ProjectName,
        _ visitor: GitHubVisitor
    ) throws(SourceError) -> RemotePages<GitHubReleases>.Known? {
        let key = visitor.key(repository)
        guard isPersonal else { return releases.known(key) }
        return try personally { () throws(SourceError) in
            try releases.page(of: key, for: name, by: visitor.ask)
        }
    }

    func find(
        _ file: DistributionFilename,
        of name: ProjectName,
        _ identity: Identity,
        in known: RemotePages<GitHubReleases>.Known?
    ) -> RemotePage.File? {
        guard file.project == name else { return nil }
        return known?.page.assets.first { asset in
            asset.file.filename == file && asset.file.identity(in: configuration.name) == identity
                && configuration.objection(to: asset, api) == nil
        }?.file
    }

    func remote(
        _ file: RemotePage.File,
        of name: ProjectName,
        _ identity: Identity,
        _ visitor: GitHubVisitor
    ) -> RemoteFile {
        let (api, token, logger) = (api, visitor.token, files.logger)
        let origin = RemoteFile.Origin(file) { request in
            do throws(FetchError) {
                api.adorn(&request, try token(), accept: "application/octet-stream")
            } catch {
                // GitHub then says that it wants one.
                logger.error("\(error)")
            }
        }
        return RemoteFile(
            filename: file.filename,
            project: name,
            identity: identity,
            origin: origin,
            files: files
        )
    }
}
