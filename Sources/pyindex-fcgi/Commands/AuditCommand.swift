import ArgumentParser
import FCGIIndex

/// Shows who decided what.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show who yanked what, which status a project was given, and which published tags moved.",
        discussion:
            "One line for each event, oldest first: time, user, project and what happened, between tabs."
    )

    @Argument(help: "Show this project alone.")
    var project: String?
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        let name = project.map(projectName)
        do {
            let audit = try Audit(
                directory: configuration.stateDirectory,
                catalogDirectory: configuration.catalogDirectory
            )
            for line in try audit.lines(of: name) {
                print(line.date, line.user ?? "-", line.project, line.event, separator: "\t")
            }
        } catch {
            fail("\(error)")
        }
    }
}
