public import PythonPackaging

/// What an administrator says of projects and their files: which are yanked (PEP 592), and in which state a project
/// is (PEP 792). Read from a file of their own, since they change more often than a configuration.
public struct Verdicts: Hashable, Sendable {
    /// In the order of the file; where several match a file, the last one counts.
    public let yanks: [YankRule]
    /// The projects that somebody marked.
    public let statuses: [ProjectName: ProjectStatus]
    private let rules: [ProjectName: [YankRule]]

    /// Nothing is yanked or marked unless it is said here.
    public init(yanks: [YankRule] = [], statuses: [ProjectName: ProjectStatus] = [:]) {
        self.yanks = yanks
        self.statuses = statuses
        rules = Dictionary(grouping: yanks, by: \.project)
    }

    /// The mark of `file`, a file of `project`; `nil` when it is not yanked.
    public func yank(of file: DistributionFilename, in project: ProjectName) -> Yank? {
        rules[project]?.last { $0.target.matches(file) }?.yank
    }

    /// The rules for files of `project`, in the order of the file.
    public func yanks(of project: ProjectName) -> [YankRule] { rules[project] ?? [] }

    /// The status of `project` when no file of it may be offered; `nil` when they may.
    public func quarantine(of project: ProjectName) -> ProjectStatus? {
        guard let status = statuses[project], status.marker == .quarantined else { return nil }
        return status
    }

    /// `page` with the marks. What its source says stays where nothing is said here; a quarantined project has no
    /// files, whoever says so.
    public func applied(to page: ProjectPage) -> ProjectPage {
        var page = page
        if let status = statuses[page.name] { page.status = status }
        if page.status.marker == .quarantined {
            page.files = []
        } else if rules[page.name] != nil {
            for index in page.files.indices {
                guard let yank = yank(of: page.files[index].filename, in: page.name) else { continue }
                page.files[index].yank = yank
            }
        }
        return page
    }

    /// The projects of which something else is said than in `other`.
    func differences(from other: Verdicts) -> Set<ProjectName> {
        if self == other { return [] }
        let named = Set(rules.keys).union(other.rules.keys).union(statuses.keys).union(other.statuses.keys)
        return named.filter { rules[$0] != other.rules[$0] || statuses[$0] != other.statuses[$0] }
    }
}
