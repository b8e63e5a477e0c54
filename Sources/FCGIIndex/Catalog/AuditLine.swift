public import PythonPackaging

/// One thing that happened to a project and made no file.
public struct AuditLine: Hashable, Sendable {
    /// Seconds since 1970.
    public let time: Int64
    /// The login name of who did it; `nil` where nobody of this machine did, or the ledger does not say.
    public let user: String?
    /// The project concerned.
    public let project: ProjectName
    /// What happened, such as `yanked 1.2.*: Broken on Python 3.13.`
    public let event: String

    /// `time` as text, such as `2024-05-01T12:00:00Z`.
    public var date: String { Timestamp(time).description }

    /// `nil` for what is no decision: files, and names seen for the first time.
    init?(_ event: LedgerEvent) {
        switch event {
        case .verdict(let record):
            (time, user, project) = (record.time, record.user, record.project)
            let subject = record.version ?? record.file ?? record.status
            let what = [record.action.rawValue, subject].compactMap(\.self).joined(separator: " ")
            self.event = record.reason.map { "\(what): \($0)" } ?? what
        case .disowned(let project, let time):
            (self.time, user, self.project, self.event) = (time, nil, project, "disowned")
        case .moved(let tag):
            (time, user, project) = (tag.time, nil, tag.project)
            self.event = "tag \(tag.tag) of version \(tag.version) moved \(tag.change)"
        case .published, .owned, .reproduced, .attested, .unknown: return nil
        }
    }
}
