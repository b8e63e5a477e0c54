internal import Glibc
internal import POSIX

extension BuildAttempt {
    /// What an earlier build of this identity was made with; `nil` where there was none, or it installed nothing.
    func recorded() throws(BuildFailure) -> ResolvedEnvironment? {
        do throws(LedgerError) {
            _ = try builder.ledger.refresh()
        } catch { throw BuildFailure(error) }
        return builder.ledger.entry(for: key.identity)?.environment
    }

    /// An environment with `requirements`, or with exactly what an earlier build of this identity had: from the store,
    /// or made now. Network on, wheels only, so that no foreign code runs.
    func environment(
        with requirements: [BuildRequirement],
        _ lock: borrowing Descriptor,
        _ log: inout BuildLog
    ) throws(BuildFailure) -> EnvironmentStore.Lease {
        report(.installing, "")
        let path = builder.environment.path
        let store: EnvironmentStore
        do throws(SystemError) {
            store = EnvironmentStore(cacheDirectory: try File.resolve(builder.store.root))
            try store.prepare()
        } catch { throw BuildFailure(error, while: "making the build environment") }
        let recorded = try recorded()
        let key = EnvironmentKey(
            wish: recorded.map { .exactly($0) } ?? .newest(requirements),
            interpreter: try Interpreter.find(in: path, memory: store.interpreterMemory),
            origin: builder.configuration.build.requirements,
            uploadedBefore: recorded == nil ? uploadLimit : nil
        )
        while true {
            try checkInterruption()
            switch try store.attempt(key) {
            case .held(let lease): return lease
            case .busy: usleep(100_000)
            case .absent(let vacancy):
                try install(key, vacancy.folder, lock, &log)
                let resolved = Installer(path: path).resolved(key, in: vacancy.folder)
                guard let resolved else {
                    throw BuildFailure(.infrastructure, "What was installed to build with cannot be told.")
                }
                try vacancy.complete(resolved)
                store.sweep()
            }
        }
    }

    /// The end of the commit's day (UTC): builds of one day share their environments, and a back end that was
    /// published an hour after the commit that needs it is there.
    private var uploadLimit: Int64? {
        if case .wheelhouse = builder.configuration.build.requirements { return nil }
        guard recipe.requirementsTime == .commit else { return nil }
        let day: Int64 = 86_400
        return (Timestamp(key.commitTime).seconds / day + 1) * day
    }

    private func install(
        _ key: EnvironmentKey,
        _ folder: String,
        _ lock: borrowing Descriptor,
        _ log: inout BuildLog
    ) throws(BuildFailure) {
        let scratch = "\(work.root)/\(Temporary.suffix())"
        let requirements = scratch + "/requirements.txt"
        do throws(SystemError) {
            try Directory.create(scratch, mode: 0o700)
            try File.replace(requirements, with: Array((key.lines.joined(separator: "\n") + "\n").utf8))
        } catch { throw BuildFailure(error, while: "making the build environment") }
        var confinement = try confinement()
        // Their configuration, and credentials for an index, may lie in the home directory: it is seen.
        confinement.homes = ["/run"].filter { File.exists($0) }
        confinement.writable = [folder]
        confinement.hasNetwork = true
        if case .wheelhouse(let path) = key.origin, let path = try? File.resolve(path) {
            confinement.readable = [path]
            confinement.hasNetwork = false
        }
        let installer = Installer(path: builder.environment.path)
        if key.uploadedBefore != nil, installer == .pip {
            throw BuildFailure(.infrastructure, "requirements-as-of needs uv, which is not on PATH.")
        }
        let commands = installer.commands(
            key,
            in: folder,
            requirements: requirements,
            scratch: scratch
        )
        let variables = builder.environment.variables(
            forInstallerIn: scratch,
            work: work,
            token: note.token
        )
        // Not the package's directory: uv would take its settings from there.
        var step = Step(command: [], directory: scratch, variables: variables, confinement: confinement)
        let reason = "What the build requires cannot be installed; the log says why."
        for command in commands {
            step.command = command.arguments
            let tolerated: Int32? = command.otherwise == nil ? nil : 1
            if try run(step, lock, &log, failing: reason, but: tolerated) == 0 { continue }
            try? log.note("no wheels of that time fit: taking the oldest that do")
            step.command = command.otherwise ?? []
            try run(step, lock, &log, failing: reason)
            if !installer.knowsUploadTimes(in: folder) {
                throw BuildFailure(
                    .infrastructure,
                    "The index does not say when files were uploaded, which requirements-as-of needs."
                )
            }
        }
        guard let compilation = installer.compilation(key, in: folder) else { return }
        step.command = compilation
        step.confinement.hasNetwork = false
        try run(step, lock, &log, failing: "What the build requires cannot be compiled; the log says why.")
    }
}
