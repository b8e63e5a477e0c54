internal import FastCGI
internal import Logging
internal import PythonPackaging

/// `/integrity/<project>/<version>/<filename>/provenance` and `.../statement`.
extension Index {
    func integrity(
        _ document: IntegrityDocument,
        of file: DistributionFilename,
        in name: ProjectName,
        _ query: Query
    ) throws(SourceError) -> Response {
        guard document.isAcceptable(query.accept) else {
            return Answers.text(
                406,
                "Not Acceptable",
                "This is served as: \(document.mediaType).",
                [("Vary", "Accept"), ("Cache-Control", "no-cache")]
            )
        }
        query.expectDelay()
        refresh()
        switch try identity(of: file, in: name, query) {
        case nil: return Answers.notFound
        case .elsewhere(let url)?: return Answers.redirect(302, "Found", to: url)
        case .here(let identity)?:
            if document == .provenance, let response = try lyingProvenance(of: file, identity, name, query) {
                return response
            }
            do throws(LedgerError) {
                return try integrity(document, of: file, identity, name, query)
            } catch {
                logger.error("\(error)")
                return Answers.unavailable("The ledger cannot be read, try again", retryAfter: 5)
            }
        }
    }

    /// The provenance object that lies beside a file of a folder; `nil` where none does.
    private func lyingProvenance(
        of file: DistributionFilename,
        _ identity: Identity,
        _ name: ProjectName,
        _ query: Query
    ) throws(SourceError) -> Response? {
        if ledger.entry(for: identity) != nil { return nil }
        guard case .kept(let kept)? = try source.artifact(file, of: name, identity: identity),
            kept.hasProvenance
        else { return nil }
        let type = IntegrityDocument.provenance.mediaType
        // It may change, as the file may not.
        let beside = lying(kept, of: name, type, cacheControl: listingCacheControl(of: name))
        return send(beside.appending(".provenance", type: type), query)
    }

    /// Where a file's origin is known.
    private enum Origin {
        case here(Identity)
        /// Another index knows it, by this URL.
        case elsewhere(String)
    }

    /// The file that the page has, or the one that `?identity=` names: that of a tag before it moved.
    private func identity(
        of file: DistributionFilename,
        in name: ProjectName,
        _ query: Query
    ) throws(SourceError) -> Origin? {
        if let text = query.parameter("identity") {
            guard let identity = Identity(text) else { return nil }
            return try source.artifact(file, of: name, identity: identity) == nil ? nil : .here(identity)
        }
        guard case .page(let page) = try source.project(name),
            let listed = page.files.first(where: { $0.filename == file })
        else { return nil }
        // Of what lies or was built here, the page names what is served here.
        let isOurs = listed.hasProvenance || ledger.entry(for: listed.identity) != nil
        if !isOurs, let url = listed.provenance { return .elsewhere(url) }
        return .here(listed.identity)
    }

    private func integrity(
        _ document: IntegrityDocument,
        of file: DistributionFilename,
        _ identity: Identity,
        _ name: ProjectName,
        _ query: Query
    ) throws(LedgerError) -> Response {
        guard let entry = try ledger.published(identity), entry.key.project == name,
            entry.file == file.description
        else {
            return unknown("Nothing is known of the origin of \(file): it was not built here, or not yet.")
        }
        let body: [UInt8]
        switch document {
        case .statement: body = Statement(entry, builder: builderURI).json
        case .provenance:
            guard let attestation = try ledger.attestation(of: identity) else {
                return unknown("\(file) is not attested. What is known of its origin, unsigned: statement")
            }
            body = ProvenanceObject(attestation, of: entry).json
        }
        let rendered = RenderedListing(
            body,
            contentType: document.mediaType,
            vary: "Accept",
            encoding: negotiated.encoding(query.acceptEncoding),
            cacheControl: listingCacheControl(of: name),
            pages: nil,
            base: base
        )
        return respond(rendered, query)
    }

    private func unknown(_ text: String) -> Response {
        Answers.text(404, "Not Found", text, [("Cache-Control", "no-cache"), ("Vary", "Accept")])
    }
}
