internal import Archive
internal import Digest
internal import Git
internal import Glibc
internal import POSIX
internal import PythonPackaging

extension BuildAttempt {
    /// Makes the canonical archive of what the recipe left, and publishes it if it is what the key says.
    func checkAndPublish(_ ingredients: Ingredients, _ log: inout BuildLog) throws(BuildFailure) {
        // A random name: the recipe could not put anything there.
        let canonical = "\(work.root)/\(Temporary.suffix())"
        let repacked = try repack(to: canonical, &log)
        let metadata = try checkedMetadata(repacked.packageInfo)
        let entry = LedgerEntry(
            key: key,
            repository: source.path,
            sha256: repacked.sha256.description,
            size: repacked.size,
            tarSHA256: repacked.tarSHA256.description,
            metadataSHA256: metadata.map { SHA256.hash($0).description },
            compressor: repacked.compressor,
            environment: ingredients.environment,
            origin: origin(ingredients),
            firstSeen: Int64(time(nil))
        )
        let isKnown = try checkLedger(entry)
        try checkInterruption()
        report(.publishing, "")
        try publish(canonical, metadata, entry, &log)
        attest(entry, &log)
        guard isKnown else { return }
        do throws(LedgerError) {
            // Lost, and come back as it was. Without this line it only has to do that once more.
            try builder.ledger.recordReproduction(of: entry, by: entry.compressor)
        } catch { try? log.note(error.description) }
    }

    /// Signs what was published, where there is a key. A file without a signature is better than none.
    private func attest(_ entry: LedgerEntry, _ log: inout BuildLog) {
        do throws(AttestorError) {
            guard let attestor = try Attestor(builder.configuration.provenance) else { return }
            do throws(LedgerError) {
                if try attestor.hasAttested(entry, in: builder.ledger) { return }
            } catch { throw .ledger(error) }
            try attestor.attest(entry.identity, in: builder.ledger)
            try? log.note("attested")
        } catch {
            try? log.note("not attested, which the command attest makes good: \(error)")
        }
    }

    private func origin(_ ingredients: Ingredients) -> BuildOrigin {
        BuildOrigin(
            repositoryURL: source.repositoryURL,
            tree: ingredients.tree.description,
            tagger: ingredients.tagger.map { .init(name: $0.name, email: $0.email, time: $0.time) },
            recipe: recipe.record,
            builder: builder.program,
            isConfined: recipe.making == .static ? nil : builder.sandbox != .none,
            started: ingredients.started
        )
    }

    /// Writes what the recipe left to the new file `canonical`: in canonical form, or as it is where the recipe says so.
    func repack(to canonical: String, _ log: inout BuildLog) throws(BuildFailure) -> Repacked {
        if recipe.making == .static { return try pack(to: canonical, &log) }
        report(.checking, "")
        let built = try BuiltArchive.find(artifacts, within: work.tree)
        do throws(ArchiveError) {
            switch recipe.archiving {
            case .canonical:
                return try SourceArchive.repack(
                    built,
                    to: canonical,
                    topLevel: key.filename.topLevel,
                    time: key.commitTime
                )
            case .asBuilt:
                return try SourceArchive.copy(built, to: canonical)
            }
        } catch {
            try? log.note(error.description)
            throw BuildFailure(error)
        }
    }

    /// The PKG-INFO, after a look at name and version, where an index may show it without a build (PEP 658);
    /// `nil` where it may not.
    private func checkedMetadata(_ packageInfo: [UInt8]) throws(BuildFailure) -> [UInt8]? {
        let metadata: CoreMetadata
        do throws(CoreMetadataError) {
            metadata = try CoreMetadata(parsing: packageInfo)
        } catch {
            throw BuildFailure(.check, "The archive's PKG-INFO cannot be read.")
        }
        guard let name = ProjectName(metadata.name), name == key.project else {
            let found = ProjectName(metadata.name)?.normalized ?? "no name"
            throw BuildFailure(.check, "The archive's PKG-INFO says \(found), the tag says \(key.project).")
        }
        guard let version = Version(metadata.version), version == key.version else {
            let found = Version(metadata.version)?.description ?? "no version"
            throw BuildFailure(
                .check,
                "The archive's PKG-INFO says version \(found), the tag says \(key.version)."
            )
        }
        return metadata.isTrustworthyUnbuilt ? packageInfo : nil
    }

    /// A file whose bytes were lost must come back as it was: its URL and hash stand in lock files.
    ///
    /// - Returns: whether the ledger has the file, with these bytes.
    private func checkLedger(_ entry: LedgerEntry) throws(BuildFailure) -> Bool {
        do throws(LedgerError) {
            _ = try builder.ledger.refresh()
        } catch { throw BuildFailure(error) }
        guard let known = builder.ledger.entry(for: entry.identity) else { return false }
        if known.sha256 == entry.sha256 { return true }
        if known.tarSHA256 == entry.tarSHA256 {
            throw BuildFailure(
                .check,
                entry.compressor == known.compressor
                    ? "The rebuilt bytes differ from the ledger: same content, compressed otherwise."
                    : "The rebuilt bytes differ from the ledger: same content, by \(entry.compressor) instead of "
                        + "\(known.compressor)."
            )
        }
        throw BuildFailure(.check, "The rebuilt bytes differ from the ledger.")
    }

    /// Bytes first, record second: a record without bytes would be a file that cannot be had.
    private func publish(
        _ canonical: String,
        _ metadata: [UInt8]?,
        _ entry: LedgerEntry,
        _ log: inout BuildLog
    ) throws(BuildFailure) {
        do throws(SystemError) {
            try builder.store.publish(
                canonical,
                metadata: metadata,
                as: .source(key.filename),
                project: key.project,
                identity: entry.identity,
                time: key.commitTime
            )
        } catch {
            try? log.note(error.description)
            throw BuildFailure(error, while: "publishing")
        }
        do throws(LedgerError) {
            try builder.ledger.append(entry)
        } catch {
            try? log.note(error.description)
            throw BuildFailure(error)
        }
    }
}

extension BuildFailure {
    /// Why the ledger could not be read or written.
    init(_ error: LedgerError) {
        switch error {
        case .contradiction: self.init(.check, "The rebuilt bytes differ from the ledger.")
        case .system(let error): self.init(error, while: "using the ledger")
        case .noDirectory, .unreadable, .unwritable, .busy:
            self.init(.infrastructure, "The ledger cannot be used; the responder's check says why.")
        }
    }
}
