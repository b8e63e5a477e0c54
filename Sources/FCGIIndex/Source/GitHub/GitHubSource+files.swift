internal import Fetch
internal import Logging
internal import PythonPackaging

/// Files of releases.
extension GitHubSource {
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
