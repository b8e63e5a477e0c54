internal import FastCGI
internal import Logging
internal import POSIX
internal import PythonPackaging

/// `/pypi/<project>/json` and `/pypi/<project>/<version>/json`.
extension Index {
    func legacyJSON(
        of name: ProjectName,
        _ version: Version?,
        _ query: Query
    ) throws(SourceError) -> Response {
        query.expectDelay()
        refresh()
        guard case .page(let page) = try source.project(name) else { return Answers.notFound }
        let root = publicURL ?? (version == nil ? "../../" : "../../../")
        let answer = LegacyJSON(page, version: version, root: root) { metadata(of: $0, in: name) }
        guard let body = answer?.encoded() else { return Answers.notFound }
        let rendered = RenderedListing(
            body,
            contentType: "application/json",
            vary: nil,
            encoding: negotiated.encoding(query.acceptEncoding),
            cacheControl: listingCacheControl(of: name),
            pages: !isPersonal && query.delivery(sendFile).way.sendsPages ? pages : nil,
            base: base
        )
        return respond(rendered, query)
    }

    /// What lies in the store beside the file, or is put there now.
    private func metadata(of file: IndexFile, in name: ProjectName) -> CoreMetadata? {
        guard file.url == nil, file.bytes?.metadata != nil else { return nil }
        let path = store.metadataPath(of: file.filename, project: name, identity: file.identity)
        do {
            if let bytes = try File.readIfPresent(path) { return try CoreMetadata(parsing: bytes) }
            let artifact = try source.artifact(file.filename, of: name, identity: file.identity)
            let bytes = try metadata(ofKept: artifact, file.filename, of: name, file.identity)
            return try bytes.map { try CoreMetadata(parsing: $0) }
        } catch {
            // The rest is worth telling without it.
            logger.error("\(error)")
            return nil
        }
    }
}
