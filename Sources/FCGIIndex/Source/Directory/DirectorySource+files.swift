internal import Digest
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// Files and what is learnt by reading them.
extension DirectorySource {
    /// A file that is listed.
    struct Listed {
        let place: FilePlace
        let file: KeptFile
        let facts: FileFacts
        let isSigned: Bool
        let hasProvenance: Bool
        let root: String
    }

    /// How long a request waits for files that are being read.
    private static let patience = Duration.seconds(4)
    /// Past this many that wait for one project the rest waits shortly, so that threads are left for others.
    private static let crowd = 8
    private static let crowdPatience = Duration.milliseconds(250)

    /// The files of a project, oldest version first, then by name.
    func files(of name: ProjectName) throws(SourceError) -> [IndexFile] {
        let all = try read(name)
        let filenames = all.map(\.place.distribution)
        // Places are sorted by what decides, and not the files themselves, which are large.
        let versions = filenames.map { $0?.version }
        let names = all.map(\.place.name)
        let order = all.indices.sorted { left, right in
            guard let first = versions[left], let second = versions[right], first != second else {
                return names[left] < names[right]
            }
            return first < second
        }
        return order.compactMap { index in
            guard let filename = filenames[index] else { return nil }
            let listed = all[index]
            return IndexFile(
                filename: filename,
                identity: Identity(of: listed.facts.sha256),
                requiresPython: listed.facts.requiresPython,
                uploadTime: Timestamp(listed.file.stamp.modified / 1_000_000_000),
                bytes: IndexFile.Facts(
                    sha256: listed.facts.sha256,
                    size: listed.file.stamp.size,
                    metadataSHA256: listed.facts.metadataSHA256
                ),
                isSigned: listed.isSigned,
                hasProvenance: listed.hasProvenance
            )
        }
    }

    /// The files of a project that are listed; those that nobody read yet are read first.
    func read(_ name: ProjectName) throws(SourceError) -> [Listed] {
        var (known, unread) = try look(name)
        var tried: Set<FilePlace> = []
        // A batch that others began may be without the files that came since.
        while unread.contains(where: { !tried.contains($0.place) }) {
            tried.formUnion(try learn(unread, of: name))
            (known, unread) = try look(name)
        }
        // A file that changed while it was read is looked at by the next request.
        if !unread.isEmpty {
            state.withLock { state in
                for job in unread { state.session?.doubt(job.place) }
                show(state)
            }
        }
        return known
    }

    /// The files of a project, apart from those that nobody read yet.
    func look(
        _ name: ProjectName
    ) throws(SourceError) -> (known: [Listed], unread: [FileBatch.Job]) {
        try state.withLock { state throws(SourceError) in
            try check(state)
            guard let session = state.session else { return ([], []) }
            if let directory = session.blocked[name] {
                let reason = session.unreadable[directory].map { "\($0)." } ?? "\(directory) cannot be read."
                throw unavailable(reason)
            }
            var known: [Listed] = []
            var unread: [FileBatch.Job] = []
            for (place, file) in session.table.files(of: name).listed {
                if let facts = file.facts {
                    let isSigned = session.table.isSigned(place)
                    known.append(
                        Listed(
                            place: place,
                            file: file,
                            facts: facts,
                            isSigned: isSigned,
                            hasProvenance: session.table.hasProvenance(place),
                            root: session.root
                        )
                    )
                } else if let job = FileBatch.Job(place, isLink: file.isLink, in: session.root) {
                    unread.append(job)
                }
            }
            return (known, unread)
        }
    }

    /// Reads files, or waits until they were read for somebody else; the files that were read.
    private func learn(_ jobs: [FileBatch.Job], of name: ProjectName) throws(SourceError) -> [FilePlace] {
        do throws(SystemError) {
            let batch = try batches.withLock { batches throws(SystemError) -> FileBatch in
                if let batch = batches[name] { return batch }
                let threads = batches.isEmpty ? Processors.online : 1
                let batch = try FileBatch(jobs, threads: threads) { self.take($0) }
                batches[name] = batch
                return batch
            }
            let limit = batch.waiting < Self.crowd ? Self.patience : Self.crowdPatience
            let isDone: Bool
            do throws(SystemError) {
                isDone = try batch.wait(limit)
            } catch {
                forget(batch, of: name)
                throw error
            }
            if isDone {
                forget(batch, of: name)
                return batch.places
            }
        } catch { throw unavailable("\(error).") }
        throw unavailable("Files of \(name) are being read.")
    }

    private func forget(_ batch: FileBatch, of name: ProjectName) {
        batches.withLock { if $0[name] === batch { $0[name] = nil } }
    }

    /// Notes what was read.
    func take(_ results: [FileBatch.Result]) {
        var files: [Catalog.File] = []
        state.withLock { state in
            for (place, reading) in results {
                guard case .facts(let stamp, let facts) = reading else { continue }
                state.session?.record(facts, stamp: stamp, at: place)
                files.append(Catalog.File(path: place.path, stamp: stamp, facts: facts))
            }
        }
        remember(files)
    }

    /// The real path of a file that still is as it was read; `nil` for any other.
    func confirmed(_ listed: Listed) -> String? {
        let path = "\(listed.root)/\(listed.place.path)"
        guard let status = try? FileStatus(path: path, followingLinks: false) else { return nil }
        switch FolderEntry(path, status, below: listed.root) {
        case .file(let status): return FileStamp(status) == listed.file.stamp ? path : nil
        case .linked(let status, let target): return FileStamp(status) == listed.file.stamp ? target : nil
        case .skipped: return nil
        }
    }
}

extension FileBatch.Job {
    /// - Parameter isLink: whether a symbolic link lies there, which reading does not follow.
    init?(_ place: FilePlace, isLink: Bool, in root: String) {
        guard let file = place.distribution else { return nil }
        var path = "\(root)/\(place.path)"
        if isLink {
            guard let target = try? File.resolve(path), target.hasPrefix(root + "/") else { return nil }
            path = target
        }
        self.init(place: place, path: path, file: file)
    }
}
