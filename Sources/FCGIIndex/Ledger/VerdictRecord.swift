internal import Glibc
internal import PythonPackaging

/// One change that a command made to the file of verdicts: an event of the ledger, for people to read.
///
/// Patterns and statuses are text here, so that what another version understands differently stays readable.
struct VerdictRecord: Hashable, Sendable, Codable {
    enum Action: String, Hashable, Sendable, Codable {
        case yanked
        case unyanked
        case status
    }

    /// What happened; the event's name.
    let action: Action
    /// The project concerned.
    let project: ProjectName
    /// The pattern of versions that was yanked or is no longer.
    var version: String?
    /// The pattern of file names, where files were yanked by their names.
    var file: String?
    /// The project's status from now on.
    var status: String?
    /// Why; absent where nothing was said.
    var reason: String?
    /// The login name of who did it.
    let user: String
    /// Seconds since 1970.
    let time: Int64

    private enum CodingKeys: String, CodingKey {
        case action = "event"
        case project, version, file, status, reason, user, time
    }

    /// Records that `rule` was added or taken away, now.
    init(_ action: Action, _ rule: YankRule, by user: String) {
        self.action = action
        project = rule.project
        switch rule.target {
        case .version(let pattern): version = pattern.description
        case .file(let glob): file = glob
        }
        reason = action == .yanked ? rule.yank.reason : nil
        self.user = user
        time = Int64(Glibc.time(nil))
    }

    /// Records the status that `project` has from now on.
    init(_ project: ProjectName, _ status: ProjectStatus, by user: String) {
        action = .status
        self.project = project
        self.status = status.marker.rawValue
        reason = status.reason
        self.user = user
        time = Int64(Glibc.time(nil))
    }
}
