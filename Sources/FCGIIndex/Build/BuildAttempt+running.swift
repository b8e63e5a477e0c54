internal import Glibc
internal import POSIX

extension BuildAttempt {
    /// One program that a build runs.
    struct Step {
        /// The program and its arguments, the absolute path of the program first.
        var command: [String]
        /// Where it starts.
        var directory: String
        /// All variables.
        var variables: [String: String]
        /// What it reaches.
        var confinement: Confinement
    }

    /// Runs one program, its output in the log, and throws what its end means.
    ///
    /// - Parameters:
    ///   - reason: for an installer: what it means when the program fails.
    ///   - tolerated: a status of the program that is no failure.
    /// - Returns: the program's status: 0, or `tolerated`.
    @discardableResult
    func run(
        _ step: Step,
        _ lock: borrowing Descriptor,
        _ log: inout BuildLog,
        failing reason: String? = nil,
        but tolerated: Int32? = nil
    ) throws(BuildFailure) -> Int32 {
        if builder.sandbox == .unneeded {
            throw BuildFailure(.infrastructure, "Nothing was to be run here; start the responder again.")
        }
        do throws(SystemError) {
            try log.note("running \(step.command.joined(separator: " "))")
        } catch { throw BuildFailure(error, while: "preparing the build command") }
        let limits = resources
        let limited = limits.wrap(step.command, countsProcesses: builder.sandbox != .none)
        let run = RecipeRun(
            program: Program(
                builder.sandbox.wrap(limited, step.confinement),
                environment: step.variables,
                directory: step.directory
            ),
            token: note.token,
            limit: recipe.timeout,
            resources: limits,
            directory: work.root,
            interruption: builder.interruption,
            ownsProcess: builder.ownsProcess
        )
        let begin = log.lines
        let end = run.run(
            log: &log,
            started: { leader in
                var note = note
                note.leader = leader
                // The token finds the processes too.
                try? note.write(lock)
            },
            tick: { report(reason == nil ? .running : .installing, $0) }
        )
        if case .ended(.exited(let status)) = end, status != 0, let reason {
            if status == tolerated { return status }
            throw BuildFailure(.infrastructure, reason)
        }
        try judge(end, of: step.command[0], lines: log.lines - begin, log)
        return 0
    }

    /// A step of the recipe's own.
    ///
    /// - Parameter lease: the environment that it runs in.
    func step(_ command: [String], in lease: EnvironmentStore.Lease? = nil) throws(BuildFailure) -> Step {
        let environment = builder.environment
        var variables = environment.variables(for: key, in: package, work: work, token: note.token)
            .merging(recipe.environment.variables) { $1 }
        var programs = environment.path
        var confinement = try confinement()
        confinement.hasNetwork = recipe.hasNetwork
        if let lease {
            variables["PATH"] = "\(lease.directory)/bin:\(environment.path)"
            variables["VIRTUAL_ENV"] = lease.directory
            // For a command that runs a front end: what it would fetch is here.
            variables["UV_NO_BUILD_ISOLATION"] = "1"
            confinement.readable = [Directory.parent(of: lease.directory)]
            // The environment's python is a link to one that may lie elsewhere.
            let python = try? File.resolve(lease.directory + "/bin/python")
            if let python { programs += ":" + Directory.parent(of: python) }
        }
        let homes = PrivateDirectories(path: programs, home: environment.home)
        (confinement.homes, confinement.programs) = (homes.paths, homes.programs)
        hideSecrets(from: &confinement)
        return Step(command: command, directory: package, variables: variables, confinement: confinement)
    }

    /// What foreign code must not read besides: installers may find their own configuration in it.
    private func hideSecrets(from confinement: inout Confinement) {
        let configuration = builder.configuration
        let folders = configuration.directories.map(\.path) + [configuration.catalogDirectory]
        confinement.hidden += PrivateDirectories.present(folders)
        confinement.masked += configuration.secretFiles.compactMap { try? File.resolve($0) }
        confinement.hidden += system.directories
        confinement.masked += system.files
        if let path = try? File.resolve(configuration.path) {
            confinement.masked += PrivateFiles(in: Directory.parent(of: path)).files
        }
    }

    /// What every step must not reach: cache, state, repositories, and the key that signs. One that is not there needs no hiding.
    func confinement() throws(BuildFailure) -> Confinement {
        var paths: Set<String> = []
        do throws(SystemError) {
            paths = [
                try File.resolve(builder.store.root),
                try File.resolve(builder.configuration.stateDirectory),
            ]
        } catch { throw BuildFailure(error, while: "preparing the sandbox") }
        for case .git(let source) in builder.configuration.sources {
            let repositories = [source.path] + source.allRecipes.flatMap(\.submodules.values)
            paths.formUnion(PrivateDirectories.present(repositories))
        }
        var confinement = Confinement(work: work, hidden: paths.sorted())
        let key = (builder.configuration.provenance.signing?.key).flatMap { try? File.resolve($0) }
        confinement.masked = key.map { [$0] } ?? []
        return confinement
    }
}
