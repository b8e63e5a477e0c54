internal import Archive
internal import Digest
internal import Glibc
internal import POSIX

extension Builder {
    /// Builds what `entry` names once more, with exactly what was installed then, and compares.
    ///
    /// Nothing is published or recorded: all happens in a private directory of the cache's `tmp`, which is removed.
    /// What is installed for the build is kept like that of any build. Blocks, also until a slot is free.
    ///
    /// - Parameter progress: as of `build(_:retry:progress:)`.
    public func rebuild(
        _ entry: LedgerEntry,
        progress: @escaping (BuildProgress) -> Void = { _ in }
    ) -> Rebuilt {
        if let reason = configuration.obstacle(to: entry) { return .notComparable(reason) }
        let begin = ContinuousClock.now
        let report = { (step: BuildProgress.Step, line: String) in
            progress(BuildProgress(step: step, elapsed: ContinuousClock.now - begin, line: line))
        }
        do throws(SystemError) {
            try Directory.create(store.temporaryDirectory, mode: 0o700)
            try becomeSubreaper()
            try sweepRebuilds()
            let place = "\(store.temporaryDirectory)/\(Self.rebuildPrefix)\(Temporary.suffix())"
            try Directory.create(place, mode: 0o700)
            let result = try FileLock.attempt("\(place)/lock") { lock in
                rebuild(entry, in: place, lock, report)
            }
            try Directory.remove(place)
            return result ?? .failed(.interrupted)
        } catch { return .failed(BuildFailure(error, while: "preparing the build")) }
    }

    private static let rebuildPrefix = "rebuild-"

    private func rebuild(
        _ entry: LedgerEntry,
        in place: String,
        _ lock: borrowing Descriptor,
        _ report: @escaping (BuildProgress.Step, String) -> Void
    ) -> Rebuilt {
        do throws(BuildFailure) {
            let attempt = try attempt(at: entry, in: place, lock, report)
            var result: Rebuilt?
            var failure: BuildFailure?
            do throws(SystemError) {
                let ran: Void? = try slots.withSlot(
                    unless: { interruption.isRequested },
                    waiting: { report(.waitingForSlot, "") },
                    {
                        failure = attempt.run(lock) { _, log throws(BuildFailure) in
                            let canonical = "\(attempt.work.root)/\(Temporary.suffix())"
                            result = Self.compare(try attempt.repack(to: canonical, &log), entry)
                        }
                    }
                )
                if ran == nil { failure = .interrupted }
            } catch { throw BuildFailure(error, while: "preparing the build") }
            return failure.map { .failed($0) } ?? result ?? .failed(.interrupted)
        } catch { return .failed(error) }
    }

    private func attempt(
        at entry: LedgerEntry,
        in place: String,
        _ lock: borrowing Descriptor,
        _ report: @escaping (BuildProgress.Step, String) -> Void
    ) throws(BuildFailure) -> BuildAttempt {
        let source = try source(of: entry.key)
        do throws(SystemError) {
            // The log of the last real build stays what it is.
            let record = BuildRecord(stateDirectory: place, identity: entry.identity)
            try record.prepare()
            guard let mark = ProcessMark(getpid()) else {
                throw SystemError("open", path: "/proc", code: ENOENT)
            }
            let token = "\(entry.identity)-\(Temporary.suffix())"
            let work = try WorkDirectory(in: place, token: token)
            let note = BuildNote(process: mark, token: token, work: work.root)
            try note.write(lock)
            return BuildAttempt(
                builder: self,
                key: entry.key,
                source: source,
                record: record,
                work: work,
                note: note,
                report: report
            )
        } catch { throw BuildFailure(error, while: "preparing the build") }
    }

    private static func compare(_ repacked: Repacked, _ entry: LedgerEntry) -> Rebuilt {
        if repacked.sha256.description == entry.sha256 { return .sameBytes }
        let tar = repacked.tarSHA256.description
        if tar == entry.tarSHA256 { return .sameContent(compressor: repacked.compressor) }
        return .otherContent(tarSHA256: tar)
    }

    /// Ends and removes what rebuilds left whose process was killed.
    func sweepRebuilds() throws(SystemError) {
        for name in try Directory.entries(store.temporaryDirectory) where name.hasPrefix(Self.rebuildPrefix) {
            let place = "\(store.temporaryDirectory)/\(name)"
            guard File.exists("\(place)/lock") else { continue }
            let failure = try FileLock.attempt("\(place)/lock") { lock -> SystemError? in
                cleanUp(after: lock)
                do throws(SystemError) { try Directory.remove(place) } catch { return error }
                return nil
            }
            if let failure, let failure { throw failure }
        }
    }
}
