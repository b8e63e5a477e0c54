internal import Git
internal import Glibc
internal import POSIX

/// One run through the steps of a build, by the process that holds the identity's lock and a slot.
struct BuildAttempt {
    let builder: Builder
    let key: BuildKey
    let source: GitSourceConfiguration
    let record: BuildRecord
    let work: WorkDirectory
    let note: BuildNote
    let report: (BuildProgress.Step, String) -> Void
    /// What of the system's configuration no step that runs foreign code may read.
    let system = PrivateFiles(below: "/etc")

    /// What is done.
    var recipe: Recipe { source.recipe(for: key.project) }

    /// What it may use.
    var resources: ResourceLimits { builder.configuration.build.resources.replaced(by: recipe.limits) }

    /// The package's directory in the export, where the recipe runs.
    var package: String { key.directory.isEmpty ? work.tree : "\(work.tree)/\(key.directory)" }

    /// Where the recipe leaves its archive.
    var artifacts: String { "\(package)/\(recipe.artifactsDirectory)" }

    /// What went into the archive that the recipe left.
    struct Ingredients {
        let tree: ObjectID
        /// `nil` for a light tag.
        let tagger: Tagger?
        /// What was installed; `nil` where nothing was.
        let environment: ResolvedEnvironment?
        /// Seconds since 1970.
        let started: Int64
    }

    /// What is done with that archive.
    typealias Ending = (Ingredients, inout BuildLog) throws(BuildFailure) -> Void

    /// Does all steps, `end` as the last one, and removes the work directory whatever happens.
    ///
    /// - Returns: why the file was not made; `nil` when all is done.
    func run(_ lock: borrowing Descriptor, end: Ending) -> BuildFailure? {
        do throws(SystemError) {
            var log = try BuildLog(record.logPath, secrets: secrets)
            let failure = run(lock, &log, end)
            // The log's last word is not worth a failure of its own.
            try? log.note(failure.map { "\($0.class.rawValue): \($0.reason)" } ?? "published \(key.filename)")
            return failure
        } catch { return BuildFailure(error, while: "opening the log") }
    }

    private func run(
        _ lock: borrowing Descriptor,
        _ log: inout BuildLog,
        _ end: Ending
    ) -> BuildFailure? {
        var failure: BuildFailure?
        let started = Int64(time(nil))
        do throws(BuildFailure) {
            do throws(SystemError) {
                try log.note("building \(key.project) \(key.version) from commit \(key.commit)")
                try work.create()
            } catch { throw BuildFailure(error, while: "making the work directory") }
            let (tree, tagger) = try export(&log)
            let environment = recipe.making == .static ? nil : try make(lock, &log)
            let ingredients = Ingredients(
                tree: tree,
                tagger: tagger,
                environment: environment,
                started: started
            )
            try end(ingredients, &log)
        } catch { failure = error }
        do throws(SystemError) {
            try Directory.remove(work.root)
        } catch { try? log.note("the work directory could not be removed: \(error)") }
        return failure
    }

    /// Runs the recipe, and returns what was installed for it.
    private func make(
        _ lock: borrowing Descriptor,
        _ log: inout BuildLog
    ) throws(BuildFailure) -> ResolvedEnvironment? {
        if gitIsNeeded { try makeRepository(lock, &log) }
        return try execute(lock, &log)
    }

    private func export(_ log: inout BuildLog) throws(BuildFailure) -> (tree: ObjectID, tagger: Tagger?) {
        report(.exporting, "")
        let found: (tree: ObjectID, tagger: Tagger?)
        do throws(GitError) {
            guard let commit = ObjectID(hex: key.commit) else {
                throw .missingObject(path: source.path, object: key.commit, remedy: "that is no name")
            }
            let repository = try Repository(path: source.path, trustOwner: source.trustOwner)
            let tree = try repository.commit(commit).tree
            // A tag object that is gone says nothing any more; the commit is what counts.
            found = (tree, ObjectID(hex: key.tagObject).flatMap { try? repository.tagger(of: $0) })
            let exported = try repository.export(
                tree: tree,
                package: key.directory,
                everything: recipe.checkout == .tree,
                extraPaths: recipe.extraCheckoutPaths,
                submodules: recipe.submodules,
                trustOwner: source.trustOwner,
                to: work.tree
            )
            for submodule in exported.writtenSubmodules { try? log.note("with the submodule \(submodule)") }
            for path in exported.submodules { try? log.note("left out: the submodule \(path)") }
            for path in exported.absentPaths { try? log.note("not in this commit: the extra path \(path)") }
            for path in exported.danglingLinks {
                try? log.note("leads to nothing: the symbolic link \(path)")
            }
        } catch {
            try? log.note(error.description)
            throw BuildFailure(error, key)
        }
        try checkInterruption()
        return found
    }

    /// What must not be seen in the log.
    private var secrets: [String] {
        builder.environment.secrets + recipe.environment.secrets.filter { $0.utf8.count >= 4 }
    }

    func checkInterruption() throws(BuildFailure) {
        if builder.interruption.isRequested { throw .interrupted }
    }
}
