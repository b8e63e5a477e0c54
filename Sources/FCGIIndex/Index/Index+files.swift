internal import FastCGI
internal import Logging
internal import POSIX
internal import PythonPackaging

/// Files and what lies beside them.
extension Index {
    func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        _ identity: Identity,
        _ query: Query
    ) throws(SourceError) -> Answer {
        // What the store holds needs no look at the sources; the rest needs a fresh one.
        if isPublished(file, of: name, identity) {
            return .response(send(stored(file, of: name, identity), query))
        }
        query.expectDelay()
        refresh()
        switch try source.artifact(file, of: name, identity: identity) {
        case nil: return .response(Answers.notFound)
        case .stored?:
            // It is going just now: the build finds it, or makes it anew.
            let isThere = isPublished(file, of: name, identity)
            if !isThere, let key = entry(identity)?.key { return build(key, query) }
            return .response(send(stored(file, of: name, identity), query))
        case .kept(let kept)?: return .response(send(lying(kept, of: name, file.mediaType), query))
        case .buildable(let key)?: return build(key, query)
        case .remote(let file)?: return remote(file, query)
        }
    }

    /// Whether a file is there that was not when a request was told to wait for it. Reads the ledger.
    func isBuilt(_ key: BuildKey) -> Bool {
        refresh()
        return isPublished(.source(key.filename), of: key.project, key.identity)
    }

    private func build(_ key: BuildKey, _ query: Query) -> Answer {
        if query.isHead { return .response(Answers.unbuilt) }
        if let failure = record(key.identity), failure.holds(at: now) {
            return .response(Answers.failed(failure, log: logURL(key), at: now))
        }
        let hop = Hop(query: query.query, userAgent: query.userAgent)
        return .wait(Wait(key: key, hop: hop, delivery: query.delivery(sendFile), caller: query.caller))
    }

    /// A file of the store.
    func stored(_ file: DistributionFilename, of name: ProjectName, _ identity: Identity) -> SentFile {
        let segments = [name.normalized, identity.description, file.description]
        return SentFile(.files, segments, type: file.mediaType, cacheControl: fileCacheControl(of: name))
    }

    /// `<file URL>.metadata` (PEP 658). Nothing is built for it.
    func metadata(
        _ file: DistributionFilename,
        of name: ProjectName,
        _ identity: Identity,
        _ query: Query
    ) throws(SourceError) -> Answer {
        let beside = stored(file, of: name, identity).appending(".metadata", type: Self.textType)
        if offersMetadata(file, of: name, identity) { return .response(send(beside, query)) }
        // It may have been built since the last look: by another process, as all builds are.
        query.expectDelay()
        refresh()
        if offersMetadata(file, of: name, identity) { return .response(send(beside, query)) }
        let artifact = try source.artifact(file, of: name, identity: identity)
        if case .remote(let file)? = artifact { return metadata(ofRemote: file, query) }
        guard let bytes = try metadata(ofKept: artifact, file, of: name, identity) else {
            return .response(Answers.notFound)
        }
        if store.holdsMetadata(of: file, project: name, identity: identity) {
            return .response(send(beside, query))
        }
        return .response(
            Answers.metadata(bytes, type: Self.textType, cacheControl: fileCacheControl(of: name))
        )
    }

    /// The metadata of a file in a folder; `nil` where none is offered. The first who asks puts it into the store,
    /// unless that belongs to the builder.
    func metadata(
        ofKept artifact: Artifact?,
        _ file: DistributionFilename,
        of name: ProjectName,
        _ identity: Identity
    ) throws(SourceError) -> [UInt8]? {
        guard case .kept(let kept)? = artifact, kept.metadataSHA256 != nil else { return nil }
        do throws(SystemError) {
            let path = store.metadataPath(of: file, project: name, identity: identity)
            if let bytes = try File.readIfPresent(path) { return bytes }
            guard let bytes = try kept.metadata(of: file) else { return nil }
            if writesStore {
                try store.publish(
                    metadata: bytes,
                    of: file,
                    project: name,
                    identity: identity,
                    time: kept.modified
                )
            }
            return bytes
        } catch { throw .unavailable(source: kept.source, reason: "\(error).") }
    }

    /// `<file URL>.asc`, which lies beside the file.
    func signature(
        _ file: DistributionFilename,
        of name: ProjectName,
        _ identity: Identity,
        _ query: Query
    ) throws(SourceError) -> Answer {
        query.expectDelay()
        refresh()
        switch try source.artifact(file, of: name, identity: identity) {
        case .kept(let kept)? where kept.isSigned:
            return .response(
                send(lying(kept, of: name, Self.textType).appending(".asc", type: Self.textType), query)
            )
        case .remote(let file)?: return signature(ofRemote: file)
        default: return .response(Answers.notFound)
        }
    }

    /// `/packages/<filename>`: where git-pypi's links point.
    func package(_ file: DistributionFilename, _ query: Query) throws(SourceError) -> Response {
        query.expectDelay()
        refresh()
        switch try source.project(file.project) {
        case .page(let page):
            if let url = page.files.first(where: { $0.filename == file })?.url {
                return Answers.redirect(302, "Found", to: url)
            }
            guard let identity = try identity(of: file, on: page) else { return Answers.notFound }
            let path = FileURL.path(file.project, identity, file.description)
            return Answers.redirect(302, "Found", to: "../" + path)
        case .redirect, .absent: return Answers.notFound
        }
    }

    /// The identity of a file, also of one that its source does not list before it is built.
    private func identity(
        of file: DistributionFilename,
        on page: ProjectPage
    ) throws(SourceError) -> Identity? {
        if let listed = page.files.first(where: { $0.filename == file }) { return listed.identity }
        let key = try source.buildKey(of: file.project, file.version)
        return key.flatMap { .source($0.filename) == file ? $0.identity : nil }
    }

    /// Metadata and signatures, whatever a browser thinks of them.
    static let textType = "text/plain; charset=utf-8"

    func send(_ file: SentFile, _ query: Query) -> Response {
        send(file, query.delivery(sendFile))
    }

    /// A file that is known and cannot be read is unavailable, not absent.
    func send(_ file: SentFile, _ delivery: Delivery) -> Response {
        do throws(SystemError) {
            return try file.response(delivery, cache: store.root, base: base, root: root)
        } catch {
            logger.error("A file cannot be sent: \(error).")
            return Answers.unavailable("The file cannot be read, try again", retryAfter: 5)
        }
    }

    /// What was published under `identity`, if it is for this index to hand out: an identity that others know is nothing
    /// here.
    private func entry(_ identity: Identity) -> LedgerEntry? {
        ledger.entry(for: identity).flatMap { isOurs($0.key) ? $0 : nil }
    }

    /// Whether what `key` gave is for this index to hand out; where it is the only one, everything is.
    func isOurs(_ key: BuildKey) -> Bool { !isOneOfSeveral || source.handsOut(key) }

    /// Whether the ledger knows the file and the store has it.
    private func isPublished(_ file: DistributionFilename, of name: ProjectName, _ identity: Identity) -> Bool
    {
        guard let entry = entry(identity), entry.key.project == name else { return false }
        guard entry.file == file.description else { return false }
        if !isLimited { return store.contains(file, project: name, identity: identity) }
        return store.claim(store.path(of: file, project: name, identity: identity))
    }

    private func offersMetadata(_ file: DistributionFilename, of name: ProjectName, _ identity: Identity)
        -> Bool
    {
        // It stays where the file itself had to go, so that choosing a version builds nothing.
        guard let entry = entry(identity), entry.metadataSHA256 != nil, entry.key.project == name,
            entry.file == file.description
        else { return false }
        return File.exists(store.metadataPath(of: file, project: name, identity: identity))
    }

    /// A file of a folder: below `sources`, where a link of the source's name leads there.
    func lying(
        _ kept: DirectoryFile,
        of name: ProjectName,
        _ type: String,
        cacheControl: String? = nil
    ) -> SentFile {
        let segments = [kept.source] + kept.relativePath.split(separator: "/").map(String.init)
        let cacheControl = cacheControl ?? fileCacheControl(of: name)
        return SentFile(.sources, segments, type: type, cacheControl: cacheControl)
    }
}

extension DistributionFilename {
    /// What Content-Type says of the file. Clients look at the name; browsers shall save it.
    var mediaType: String {
        switch self {
        case .wheel, .egg: "application/zip"
        case .source: "application/gzip"
        case .legacySource(let name):
            switch name.format {
            case .tarGzip, .shortTarGzip: "application/gzip"
            case .zip: "application/zip"
            case .tar: "application/x-tar"
            case .tarBzip2, .tarXZ, .tarCompress: "application/octet-stream"
            }
        }
    }
}
