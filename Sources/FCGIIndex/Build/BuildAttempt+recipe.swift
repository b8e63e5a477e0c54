internal import Glibc
internal import POSIX

extension BuildAttempt {
    /// Runs the recipe, and returns what was installed for it; `nil` where nothing was.
    func execute(
        _ lock: borrowing Descriptor,
        _ log: inout BuildLog
    ) throws(BuildFailure) -> ResolvedEnvironment? {
        guard let command = recipe.command else { return try executeDefault(lock, &log) }
        let path = builder.environment.path
        let system = recipe.installsRequirements ? try BuildSystem(of: package) : nil
        var lease: EnvironmentStore.Lease?
        if let system, system.isStated, !system.requirements.isEmpty {
            lease = try environment(with: system.requirements, lock, &log)
        }
        report(.running, "")
        let arguments = try RecipeCommand.arguments(command, in: package, path: path)
        try run(try step(arguments, in: lease), lock, &log)
        return lease?.resolved
    }

    /// The default recipe: the package's own back end, in an environment with what it requires.
    private func executeDefault(
        _ lock: borrowing Descriptor,
        _ log: inout BuildLog
    ) throws(BuildFailure) -> ResolvedEnvironment {
        let system = try BuildSystem(of: package)
        let driver = "\(work.root)/\(Temporary.suffix()).py"
        let answer = "\(work.root)/\(Temporary.suffix()).json"
        do throws(SystemError) {
            // Not synced to disk: it goes with the build.
            let file = try Descriptor(opening: driver, O_WRONLY | O_CREAT | O_EXCL)
            try file.write(BackendDriver.text.utf8)
        } catch { throw BuildFailure(error, while: "preparing the build command") }
        let isKnown = try recorded() != nil
        var requirements = system.requirements
        var lease = try environment(with: requirements, lock, &log)
        report(.running, "")
        for round in 1...2 {
            let arguments = BackendDriver.arguments(
                python: lease.directory + "/bin/python",
                driver: driver,
                system,
                package: package,
                known: isKnown || round == 2 ? nil : requirements,
                answer: answer,
                artifacts: artifacts
            )
            try run(try step(arguments, in: lease), lock, &log)
            if isKnown || round == 2 { break }
            let wanted = try BackendDriver.answer(answer)
            if Set(wanted).isSubset(of: requirements) { break }
            requirements += wanted
            lease = try environment(with: requirements, lock, &log)
        }
        return lease.resolved
    }

    // MARK: A repository for those who ask it

    /// Whether the recipe, or else the back end, asks git for the version.
    var gitIsNeeded: Bool {
        recipe.makesRepository ?? ((try? BuildSystem(of: package))?.needsGit == true)
    }

    /// Makes the export a repository with one commit and the release's tag.
    func makeRepository(_ lock: borrowing Descriptor, _ log: inout BuildLog) throws(BuildFailure) {
        guard let shell = Program.find("sh", in: builder.environment.path) else {
            throw BuildFailure(.infrastructure, "sh is not installed.")
        }
        let script = """
            git init -q . && git add -A -f . && git -c user.name=pyindex -c user.email=pyindex@localhost \\
                commit -q --allow-empty -m "$1" && git tag -- "$1"
            """
        var step = try step([shell, "-c", script, "git", key.tag])
        step.directory = work.tree
        step.variables["PWD"] = work.tree
        step.variables["GIT_AUTHOR_DATE"] = "@\(key.commitTime) +0000"
        step.variables["GIT_COMMITTER_DATE"] = "@\(key.commitTime) +0000"
        step.variables["GIT_CONFIG_NOSYSTEM"] = "1"
        step.confinement.hasNetwork = false
        try run(step, lock, &log, failing: "No repository could be made of the export; is git installed?")
    }
}
