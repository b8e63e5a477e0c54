import ArgumentParser
import FCGIIndex
import Glibc
import PythonPackaging

/// Compares the files on disk with the ledger.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the published files against the ledger, and leave them as they are.",
        discussion: """
            Exits with 0 when nothing contradicts the ledger, 1 with a line for each contradiction. A file that is \
            not on disk is none: it is built again when asked for.
            """
    )

    @Argument(help: "Look at this project alone.")
    var project: String?
    @Flag(
        help:
            "Also build each file again, privately, compare it with the ledger, and record which come back the same."
    )
    var rebuild = false
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        let name = project.map(projectName)
        do {
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let verification = Verification(configuration, ledger: ledger, project: name)
            if let name, verification.entries.isEmpty { fail("Nothing of \(name) was ever published here.") }
            let bar = ProgressBar()
            var findings = verification.findings { done, all in
                bar.show("\(done) of \(all) files", done, of: all)
            }
            findings.forEach { print($0) }
            if rebuild {
                let rebuilds = try rebuilds(verification, configuration, ledger)
                rebuilds.forEach { print($0) }
                findings += rebuilds
            }
            if findings.contains(where: { $0.level == .error }) { Glibc.exit(1) }
        } catch let failure as BuildFailure {
            fail(failure.reason)
        } catch { fail("\(error)") }
    }

    private func rebuilds(
        _ verification: Verification,
        _ configuration: Configuration,
        _ ledger: Ledger
    ) throws -> [Finding] {
        let interruption = try Interruption.bySignals()
        let builder = Builder(
            configuration: configuration,
            sandbox: try configuration.detectSandbox(),
            store: ArtifactStore(root: configuration.cacheDirectory, group: configuration.group),
            ledger: ledger,
            interruption: interruption,
            ownsProcess: true,
            isAhead: true
        )
        let terminal = ProgressLine()
        defer { terminal.clear() }
        return verification.rebuilds(by: builder, until: interruption) { entry, progress in
            terminal.show(progress, of: entry.file + ": ")
        }
    }
}
