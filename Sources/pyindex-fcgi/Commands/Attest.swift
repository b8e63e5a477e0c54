import ArgumentParser
import FCGIIndex
import PythonPackaging

/// Signs what was published before there was a key, or with another one.
struct Attest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Sign what the ledger says of published files, where that was not done with this key.",
        discussion: """
            What is built is signed when it is published. This is for files from before [provenance] was configured, and \
            for when its key or certificate was replaced. Run it as the user that builds.
            """
    )

    @Argument(help: "Sign the files of this project alone.")
    var project: String?
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        let name = project.map(projectName)
        do {
            guard let attestor = try Attestor(configuration.provenance) else {
                fail("There is no key to sign with: write [provenance] with key and certificate.", status: 78)
            }
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let entries = try attestor.unattested(in: ledger, of: name)
            let bar = ProgressBar()
            for (number, entry) in entries.enumerated() {
                bar.show("\(number) of \(entries.count) files", number, of: entries.count)
                try attestor.attest(entry.identity, in: ledger)
            }
            bar.show("\(entries.count) of \(entries.count) files", entries.count, of: entries.count)
            print("Attested: \(entries.count)")
        } catch { fail("\(error)") }
    }
}
