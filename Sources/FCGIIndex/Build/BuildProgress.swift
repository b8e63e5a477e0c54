/// Where a build stands, for whoever watches it.
public struct BuildProgress: Hashable, Sendable {
    /// What is being done. The order is that of a build.
    public enum Step: String, Hashable, Sendable, Codable, CaseIterable {
        case waitingForAnother = "waiting for another build of it"
        case waitingForSlot = "waiting for a slot"
        case exporting = "exporting"
        case installing = "installing what the build requires"
        case running = "running the build command"
        case checking = "checking"
        case publishing = "publishing"
    }

    /// What is being done.
    public let step: Step
    /// Since the build was asked for.
    public let elapsed: Duration
    /// The last line of the command's output, safe for a terminal; empty before there is one.
    public let line: String
}
