internal import Digest
internal import FastCGI
internal import Fetch
internal import Glibc
internal import POSIX
internal import PythonPackaging

/// What comes from other servers.
extension Index {
    /// Answers anew when `flight` has ended, or `patience` after it began.
    func afterwards(_ query: Query, by route: Route, _ flight: Flight, _ patience: Duration) -> Later {
        Later { client in
            var (flight, patience) = (flight, patience)
            // A page, its file, and what that needs; more is a source that never has enough.
            for _ in 0..<4 {
                _ = flight.wait(patience)
                switch self.answer(query, by: route, waitingFor: &flight, &patience) {
                case .response(let response)?: return .response(response)
                case .later(let later)?: return later.run(client)
                // Builds are never asked of other servers.
                case .wait?, .follow?: return .response(Answers.unavailable("Try again", retryAfter: 1))
                case nil: continue
                }
            }
            return .response(
                Answers.unavailable("Another index takes long to answer, try again", retryAfter: 5)
            )
        }
    }

    /// The bytes of a file: by the web server where it is kept, else while they come.
    func remote(_ file: RemoteFile, _ query: Query) -> Answer {
        if isLimited ? store.claim(file.files.path(of: file)) : file.isKept {
            let kept = SentFile(
                .sources,
                file.segments,
                type: file.filename.mediaType,
                cacheControl: fileCacheControl(of: file.project)
            )
            return .response(send(kept, query))
        }
        guard let origin = file.origin else { return .response(Answers.notFound) }
        let conditions = query.conditions
        let relay = RemoteRelay(file, origin, cacheControl: fileCacheControl(of: file.project))
        if let response = relay.answerAtOnce(conditions) { return .response(response) }
        return later(file) { client throws(FetchError) in try relay.run(conditions, client) }
    }

    /// `<file URL>.metadata`: kept from the first time on.
    func metadata(ofRemote file: RemoteFile, _ query: Query) -> Answer {
        if File.exists(file.files.metadataPath(of: file)) {
            let kept = SentFile(
                .sources,
                file.segments,
                type: Self.textType,
                cacheControl: fileCacheControl(of: file.project)
            )
            return .response(send(kept.appending(".metadata", type: Self.textType), query))
        }
        return text(of: file) { () throws(FetchError) in try file.metadata() }
    }

    /// `<file URL>.asc`.
    func signature(ofRemote file: RemoteFile) -> Answer {
        text(of: file) { () throws(FetchError) in try file.signature() }
    }

    private func text(
        of file: RemoteFile,
        _ fetch: @escaping () throws(FetchError) -> [UInt8]?
    ) -> Answer {
        let cacheControl = fileCacheControl(of: file.project)
        return later(file) { _ throws(FetchError) in
            guard let bytes = try fetch() else { return .response(Answers.notFound) }
            return .response(Answers.metadata(bytes, type: Self.textType, cacheControl: cacheControl))
        }
    }

    /// Asks for `file`, or for what belongs to it.
    private func later(
        _ file: RemoteFile,
        _ ask: @escaping (any Client) throws(FetchError) -> Later.End
    ) -> Answer {
        .later(
            Later { client in
                do throws(FetchError) {
                    return try ask(client)
                } catch { return .response(self.unfetched(file, error)) }
            }
        )
    }

    /// What another server did not give: absent stays absent, and what may come later says when. What it refuses to a
    /// caller's own credentials is for the caller to mend.
    private func unfetched(_ file: RemoteFile, _ error: FetchError) -> Response {
        switch error {
        case .absent: Answers.notFound
        case .limited(_, let seconds):
            Answers.unavailable("Another index asks to be left alone", retryAfter: min(seconds ?? 10, 600))
        case .refused(status: 401) where file.files.isPersonal: Answers.unauthenticated(realm: access.realm)
        case .refused where file.files.isPersonal:
            Answers.forbidden("Another server does not let these credentials have the file")
        case .refused, .unreachable, .ended:
            Answers.unavailable("Another index cannot be reached, try again", retryAfter: 5)
        case .bad(let reason):
            Answers.text(
                502,
                "Bad Gateway: \(reason.prefix(400))",
                reason,
                [("Cache-Control", "no-store")]
            )
        }
    }
}
