internal import Glibc
internal import POSIX

extension Builder {
    /// The outcome of the build as its leader. `lock` is this identity's, and held.
    func lead(
        _ key: BuildKey,
        _ record: BuildRecord,
        lock: borrowing Descriptor,
        retry: Bool,
        _ report: @escaping (BuildProgress.Step, String) -> Void
    ) -> Outcome {
        cleanUp(after: lock)
        // What a disk that failed did not let go of.
        try? removeLeftovers(of: key.identity)
        if isPublished(key) { return .published }
        if !retry, let earlier = try? record.outcome(), earlier.holds(at: Int64(time(nil))) {
            return .failed(earlier)
        }
        let diary = BuildDiary(record, key, isAhead: isAhead)
        defer {
            BuildNote.erase(lock)
            diary.end()
        }
        do throws(BuildFailure) {
            try attempt(key, record, lock) { step, line in
                diary.reach(step)
                report(step, line)
            }
            record.clear()
            return .published
        } catch {
            return .failed(interruption.isRequested ? .interrupted : record.keep(error))
        }
    }

    private func attempt(
        _ key: BuildKey,
        _ record: BuildRecord,
        _ lock: borrowing Descriptor,
        _ report: @escaping (BuildProgress.Step, String) -> Void
    ) throws(BuildFailure) {
        let source = try source(of: key)
        let token = "\(key.identity)-\(Temporary.suffix())"
        let failure: BuildFailure?
        do throws(SystemError) {
            guard let mark = ProcessMark(getpid()) else {
                throw SystemError("open", path: "/proc", code: ENOENT)
            }
            let work = try WorkDirectory(in: store.temporaryDirectory, token: token)
            let note = BuildNote(process: mark, token: token, work: work.root)
            try note.write(lock)
            let attempt = BuildAttempt(
                builder: self,
                key: key,
                source: source,
                record: record,
                work: work,
                note: note,
                report: report
            )
            let run = try slots.withSlot(
                unless: { interruption.isRequested },
                waiting: { report(.waitingForSlot, "") },
                {
                    attempt.run(lock) { ingredients, log throws(BuildFailure) in
                        try attempt.checkAndPublish(ingredients, &log)
                    }
                }
            )
            failure = run ?? .interrupted
        } catch { throw BuildFailure(error, while: "preparing the build") }
        if let failure { throw failure }
    }

    /// The slots of this machine.
    var slots: BuildSlots {
        BuildSlots(
            directory: configuration.stateDirectory + "/slots",
            count: configuration.build.slots,
            isPatient: isAhead
        )
    }

    func source(of key: BuildKey) throws(BuildFailure) -> GitSourceConfiguration {
        for case .git(let source) in configuration.sources where source.name == key.source {
            if source.recipe(for: key.project).digest == key.recipe { return source }
            throw BuildFailure(
                .infrastructure,
                "The recipe of the source \(key.source) has changed; reload the responder."
            )
        }
        throw BuildFailure(
            .infrastructure,
            "The configuration has no source \(key.source) any more; reload the responder."
        )
    }

    /// Ends what is left of a build whose process died while it held `lock`.
    func cleanUp(after lock: borrowing Descriptor) {
        guard let note = BuildNote.read(lock) else { return }
        BuildProcesses(token: note.token, leader: note.leader).end()
        let directory = WorkDirectory(abandoned: note.work, in: store.temporaryDirectory, token: note.token)
        if let directory { try? Directory.remove(directory.root) }
        BuildNote.erase(lock)
    }
}
