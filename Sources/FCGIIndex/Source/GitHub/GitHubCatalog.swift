internal import Fetch
internal import PythonPackaging

/// Which repositories of an owner have distributions of which projects, by the names of their files.
struct GitHubCatalog: RemoteContent {
    /// The owner's login, in lower case.
    typealias Key = String

    /// The repositories of each project, in the order in which GitHub has them.
    let projects: [ProjectName: [GitHubRepository]]
    let rest: Int64

    /// The longest ``rest``, whatever a look cost: a day.
    static let longestRest: Int64 = 86_400 * 1_000_000_000

    static func name(of key: String) -> String { key }

    func projects(of key: String) -> Set<ProjectName> { Set(projects.keys) }

    var weight: Int { 1000 + projects.count * 300 }

    var leftOutNotice: String? { nil }

    init(_ page: KeptPage, of key: String) throws(RemotePageFault) {
        var projects: [ProjectName: [GitHubRepository]] = [:]
        var rest: Int64 = 0
        do throws(JSONScanner.Fault) {
            try page.body.withUnsafeBytes { bytes in
                Result { () throws(JSONScanner.Fault) in
                    var scanner = JSONScanner(bytes)
                    try scanner.members { key, value throws(JSONScanner.Fault) in
                        if key == "rest" {
                            rest = min(max(0, try value.integer() ?? 0), Self.longestRest)
                        } else if let repository = GitHubRepository(key) {
                            try value.elements { value throws(JSONScanner.Fault) in
                                guard let name = try value.string().flatMap({ ProjectName($0) }) else {
                                    return
                                }
                                projects[name, default: []].append(repository)
                            }
                        } else {
                            try value.skip()
                        }
                    }
                    try scanner.end()
                }
            }.get()
        } catch { throw RemotePageFault("It is no list of repositories.") }
        (self.projects, self.rest) = (projects, rest)
    }

    /// Writes a list as it is read again.
    ///
    /// - Parameter rest: as in `RemoteContent`.
    static func kept(
        _ repositories: [(repository: GitHubRepository, projects: Set<ProjectName>)],
        rest: Int64,
        at url: WebURL
    ) -> KeptPage {
        var text = Text(capacity: 4096)
        text += "{\"rest\":\(rest)"
        for (repository, projects) in repositories where !projects.isEmpty {
            text += ","
            text.string(repository.description)
            text += ":"
            text.array(projects.sorted()) { $0.string($1.normalized) }
        }
        text += "}"
        return KeptPage(url: url, format: .json, validators: .init(), body: text.bytes)
    }
}
