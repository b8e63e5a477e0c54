internal import FastCGI
internal import Glibc
internal import POSIX

/// The bytes by the responder itself.
extension SentFile {
    func streamed(from path: String, _ conditions: FileConditions) throws(SystemError) -> Response {
        let file = try Descriptor(opening: path, O_RDONLY | O_NONBLOCK)
        let status = try FileStatus(of: file)
        guard status.isRegularFile else { throw SystemError("open", path: path, code: EISDIR) }
        let modified = Self.seconds(status)
        let etag = Self.etag(status)
        let validators: [Response.Field] = [
            ("ETag", etag), ("Last-Modified", HTTPDate.text(modified)), ("Cache-Control", cacheControl),
        ]
        let common: [Response.Field] = [
            ("Content-Type", type), ("X-Content-Type-Options", "nosniff"), ("Accept-Ranges", "bytes"),
        ]
        switch conditions.verdict(etag: etag, modified: modified, size: status.size) {
        case .whole:
            let length: Response.Field = ("Content-Length", "\(status.size)")
            let body = FileBody(file, offset: 0, count: status.size)
            return Response(status: 200, reason: "OK", validators + common + [length], file: body)
        case .part(let part):
            let lines: [Response.Field] = [
                ("Content-Length", "\(part.count)"),
                ("Content-Range", "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(status.size)"),
            ]
            let body = FileBody(file, offset: part.lowerBound, count: Int64(part.count))
            return Response(
                status: 206,
                reason: "Partial Content",
                validators + common + lines,
                file: body
            )
        case .notModified:
            return Response(status: 304, reason: "Not Modified", validators)
        case .unsatisfiable:
            return Answers.text(
                416,
                "Range Not Satisfiable",
                "The file has \(status.size) bytes.",
                [("Content-Range", "bytes */\(status.size)"), ("Cache-Control", "no-store")]
            )
        }
    }
}
