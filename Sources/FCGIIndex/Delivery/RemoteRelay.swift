internal import FastCGI
internal import Fetch
internal import Glibc
internal import POSIX

/// Hands a file of another server to a client while it comes.
struct RemoteRelay {
    private let file: RemoteFile
    private let origin: RemoteFile.Origin
    private let cacheControl: String

    init(_ file: RemoteFile, _ origin: RemoteFile.Origin, cacheControl: String) {
        self.file = file
        self.origin = origin
        self.cacheControl = cacheControl
    }

    /// The URL names the bytes where their digest is known; nothing does where it is not.
    private var etag: String? { origin.digest == nil ? nil : "\"\(file.identity)\"" }

    private var modified: Int64? { origin.uploadTime?.seconds }

    private func verdict(_ conditions: FileConditions, size: Int64) -> FileConditions.Verdict {
        conditions.verdict(etag: etag, modified: modified, size: size)
    }

    private var fields: [Response.Field] {
        var fields: [Response.Field] = [
            ("Content-Type", file.filename.mediaType), ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", cacheControl), ("Accept-Ranges", "bytes"),
        ]
        if let etag { fields.append(("ETag", etag)) }
        if let modified { fields.append(("Last-Modified", HTTPDate.text(modified))) }
        return fields
    }

    /// What can be said without asking: to who has the file already, or only wants to know its size.
    func answerAtOnce(_ conditions: FileConditions) -> Response? {
        if let etag, let known = conditions.ifNoneMatch, EntityTags.holds(known, etag) {
            return Response(status: 304, reason: "Not Modified", fields)
        }
        guard let size = origin.size else { return nil }
        switch verdict(conditions, size: size) {
        case .notModified: return Response(status: 304, reason: "Not Modified", fields)
        case .unsatisfiable: return unsatisfiable(size)
        case .whole where conditions.isHead: return head(size)
        case .whole, .part: return nil
        }
    }

    private func unsatisfiable(_ size: Int64) -> Response {
        Answers.text(
            416,
            "Range Not Satisfiable",
            "The file has \(size) bytes.",
            [("Content-Range", "bytes */\(size)"), ("Cache-Control", "no-store")]
        )
    }

    private func head(_ size: Int64?) -> Response {
        let length = size.map { [("Content-Length", "\($0)")] } ?? []
        return Response(status: 200, reason: "OK", fields + length)
    }

    /// Asks, and sends what comes.
    ///
    /// - Throws: why nothing was sent.
    func run(_ conditions: FileConditions, _ client: any Client) throws(FetchError) -> Later.End {
        if file.files.sendsAway { return try sendAway(client) }
        var part: Range<Int64>?
        if conditions.isHead || conditions.range != nil {
            var size = origin.size
            if size == nil { size = try self.size() }
            if conditions.isHead { return .response(head(size)) }
            switch size.map({ verdict(conditions, size: $0) }) {
            case .part(let range)?: part = range
            case .unsatisfiable?: return .response(unsatisfiable(size ?? 0))
            case .whole?, .notModified?, nil: break
            }
        }
        // What nothing can be compared with is not kept.
        if part == nil && file.files.keepsFiles && origin.digest != nil { return try keep(client) }
        return try relay(part, client)
    }

    /// To where the server sends who asks it, which is so for a moment only, and for this client. What it sends itself is
    /// handed through.
    private func sendAway(_ client: any Client) throws(FetchError) -> Later.End {
        var request = origin.request(RemoteFiles.limits)
        request.stopsAtRedirect = true
        let sink = relaySink(client, part: nil)
        let head: FetchHead
        do throws(FetchError) {
            head = try file.files.fetcher.fetch(request, into: sink)
        } catch {
            guard sink.isOpen else { throw error }
            client.abandon()
            return .streamed(status: 200)
        }
        if let location = head.location { return .response(Answers.sentAway(to: location.description)) }
        client.end()
        return .streamed(status: 200)
    }

    private func size() throws(FetchError) -> Int64? {
        var request = origin.request(RemoteFiles.limits)
        request.limits.total = .seconds(8)
        return try file.files.fetcher.head(of: request).contentLength
    }

    /// Out of the file on disk, while it is written there.
    private func keep(_ client: any Client) throws(FetchError) -> Later.End {
        let following: RemoteFiles.Following?
        do throws(SystemError) {
            following = try file.files.follow(file, origin)
        } catch { throw .unreachable("It cannot be kept here: \(error).") }
        guard let following else {
            // Where it has just gone again to make room, it is handed through.
            if let end = try relayKept() { return end }
            return try relay(nil, client)
        }
        if let error = file.files.send(following, of: file, to: client, open: { client.open(head($0)) }) {
            // Another caller's credentials may be what was refused.
            if case .refused = error, file.files.isPersonal { return try relay(nil, client) }
            throw error
        }
        if client.endsProcess { file.files.waitUntilKept(file) }
        return .streamed(status: 200)
    }

    /// It came to be kept between two looks: sent from where it is, this once by us; `nil` where it is gone again.
    private func relayKept() throws(FetchError) -> Later.End? {
        do throws(SystemError) {
            let descriptor = try Descriptor(opening: file.files.path(of: file), O_RDONLY)
            let size = try FileStatus(of: descriptor).size
            let body = FileBody(descriptor, offset: 0, count: size)
            let length: Response.Field = ("Content-Length", "\(size)")
            return .response(Response(status: 200, reason: "OK", fields + [length], file: body))
        } catch {
            if error.isAbsence { return nil }
            throw .unreachable("\(error).")
        }
    }

    /// As it comes, with nothing kept.
    private func relay(_ part: Range<Int64>?, _ client: any Client) throws(FetchError) -> Later.End {
        var request = origin.request(RemoteFiles.limits)
        if let size = origin.size { request.limits.bytes = size }
        request.range = part.map { .bytes($0.lowerBound...$0.upperBound - 1) }
        let sink = relaySink(client, part: part)
        do throws(FetchError) {
            try file.files.fetcher.fetch(request, into: sink)
        } catch {
            guard sink.isOpen else { throw error }
            client.abandon()
            return .streamed(status: sink.status)
        }
        client.end()
        return .streamed(status: sink.status)
    }

    private func relaySink(_ client: any Client, part: Range<Int64>?) -> RelaySink {
        RelaySink(client) { head in
            let status = part != nil && head.status == 206 && head.rangeStart == part?.lowerBound ? 206 : 200
            // Another part than was asked for is of no use; the whole is.
            guard status == head.status else { return nil }
            var fields = fields
            if let length = head.contentLength { fields.append(("Content-Length", "\(length)")) }
            if status == 206, let range = head["content-range"] { fields.append(("Content-Range", range)) }
            return Response(status: status, reason: status == 206 ? "Partial Content" : "OK", fields)
        }
    }
}

/// Sends to a client what is fetched.
private final class RelaySink: FetchSink {
    private let client: any Client
    private let answer: (FetchHead) -> Response?
    /// What the answer was opened with; 0 until it is.
    private(set) var status = 0

    var isOpen: Bool { status != 0 }

    init(_ client: any Client, _ answer: @escaping (FetchHead) -> Response?) {
        (self.client, self.answer) = (client, answer)
    }

    func begin(_ head: FetchHead) -> Bool {
        guard let answer = answer(head) else { return false }
        client.open(answer)
        status = answer.status
        return true
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool { client.write(bytes) }
}
