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
            store = EnvironmentStore(cacheDirectory: try WorkDirectory.resolve(builder.store.root))
            try store.prepare()
        } catch { throw BuildFailure(error, while: "making the build environment") }
        let key = EnvironmentKey(
            wish: try recorded().map { .exactly($0) } ?? .newest(requirements),
            interpreter: try Interpreter.find(in: path, memory: store.interpreterMemory),
            origin: builder.configuration.build.requirements
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
        if case .wheelhouse(let path) = key.origin, let path = try? WorkDirectory.resolve(path) {
            confinement.readable = [path]
            confinement.hasNetwork = false
        }
        let commands = Installer(path: builder.environment.path).commands(
            key,
            in: folder,
            requirements: requirements,
            scratch: scratch
        )
        for command in commands {
            let step = Step(
                command: command,
                // Not the package's directory: uv would take its settings from there.
                directory: scratch,
                variables: builder.environment.variables(
                    forInstallerIn: scratch,
                    work: work,
                    token: note.token
                ),
                confinement: confinement
            )
            try run(
                step,
                lock,
                &log,
                failing: "What the build requires cannot be installed; the log says why."
            )
        }
    }
}
