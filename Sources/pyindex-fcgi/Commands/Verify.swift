import ArgumentParser
import FCGIIndex
import PythonPackaging

/// Compares the files on disk with the ledger.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the published files against the ledger; change nothing.",
        discussion: """
            Exits with 0 when nothing contradicts the ledger, 1 with a line for each contradiction. A file that is \
            not on disk is none: it is built again when asked for.
            """
    )

    @Argument(help: "Look at this project alone.")
    var project: String?
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        let name = project.map(projectName)
        let findings: [Finding]
        do throws(LedgerError) {
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let verification = Verification(configuration, ledger: ledger, project: name)
            if let name, verification.entries.isEmpty { fail("Nothing of \(name) was ever published here.") }
            let bar = ProgressBar()
            findings = verification.findings { done, all in
                bar.show("\(done) of \(all) files", done, of: all)
            }
        } catch { fail("\(error)") }
        findings.forEach { print($0) }
        if findings.contains(where: { $0.level == .error }) { throw ExitCode.failure }
    }
}
