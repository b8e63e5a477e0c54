internal import Digest
internal import FastCGI
internal import Logging
internal import POSIX
internal import PythonPackaging

/// `/pypi/<project>/json` and `/pypi/<project>/<version>/json`.
extension Index {
    func legacyJSON(of name: ProjectName, _ version: Version?, _ query: Query) -> Response {
        query.expectDelay()
        refresh()
        return guarded { () throws(SourceError) in
            guard case .page(let page) = try source.project(name) else { return Answers.notFound }
            let root = publicURL ?? (version == nil ? "../../" : "../../../")
            let answer = LegacyJSON(page, version: version, root: root) { metadata(of: $0, in: name) }
            guard let body = answer?.encoded() else { return Answers.notFound }
            return respond(to: query, body)
        }
    }

    private func respond(to query: Query, _ body: [UInt8]) -> Response {
        let etag = "\"\(SHA256.hash(body).description.prefix(32))\""
        let fields: [Response.Field] = [
            ("ETag", etag), ("Cache-Control", listingCacheControl), ("X-Content-Type-Options", "nosniff"),
        ]
        if query.ifNoneMatch?.contains(etag) == true {
            return Response(status: 304, reason: "Not Modified", fields)
        }
        let typed = fields + [("Content-Type", "application/json"), ("Content-Length", "\(body.count)")]
        return Response(status: 200, reason: "OK", typed, body: body)
    }

    /// What lies in the store beside the file, or is put there now.
    private func metadata(of file: IndexFile, in name: ProjectName) -> CoreMetadata? {
        guard file.bytes?.metadataSHA256 != nil else { return nil }
        let path = store.metadataPath(of: file.filename, project: name, identity: file.identity)
        do {
            if !File.exists(path), try !keepsMetadata(file.filename, of: name, file.identity) { return nil }
            return try CoreMetadata(parsing: try File.read(path))
        } catch {
            // The rest is worth telling without it.
            logger.error("\(error)")
            return nil
        }
    }
}
