internal import Fetch
internal import FoundationEssentials
internal import PythonPackaging

/// What all the checks look at: the server, what the responder sees of it, and a project with its files.
struct Visit {
    let front: FrontDoor
    let server: WebServerKind
    /// What the responder saw of a request with many fields; `nil` where it could not be asked.
    let echo: Echo?
    /// The project whose page is looked at; `nil` where none is listed.
    let project: ProjectName?
    /// A file of it whose bytes are there; `nil` where none is.
    let file: ListedFile?

    /// A file, as a page lists it.
    struct ListedFile {
        /// The path of its URL.
        let path: String
        let size: Int64
    }

    /// The fields that an echo is asked with.
    static let asked: [(name: String, value: String)] = [
        ("Accept", MediaType.json.name), ("Accept-Encoding", "gzip"), ("If-None-Match", "\"doctor\""),
        ("Range", "bytes=0-0"), ("If-Range", "\"doctor\""), ("User-Agent", FrontDoor.agent),
        ("Proxy", "http://index.example/"),
    ]
    /// What follows the token, which the responder must see as it was sent.
    static let askedQuery = "?a=%2F%2e&b=+"

    /// Learns what there is. Blocks.
    init(_ front: FrontDoor, _ health: PlainAnswer) throws(FetchError) {
        self.front = front
        var echo: Echo?
        if let token = front.token {
            let answer = try front.send("-/echo/\(token)\(Self.askedQuery)", Self.asked)
            echo = answer.status == 200 ? Echo(json: answer.body) : nil
        }
        self.echo = echo
        server = WebServerKind(software: echo?.parameters["SERVER_SOFTWARE"] ?? health["server"])
        (project, file) = try Self.find(front)
    }

    /// A page of the index, as JSON.
    func page(_ project: ProjectName, _ fields: [(name: String, value: String)] = []) throws(FetchError)
        -> PlainAnswer
    {
        try front.send("simple/\(project)/", fields + [("Accept", MediaType.json.name)])
    }

    /// A finding with what to do about it in this server's words.
    func error(_ text: String, _ remedy: Remedy) -> Finding { .error(text, fix: remedy.words(for: server)) }
    /// The same of lesser weight.
    func warning(_ text: String, _ remedy: Remedy) -> Finding {
        .warning(text, fix: remedy.words(for: server))
    }

    // MARK: Choosing

    /// A query for JSON.
    private static let asJSON = "?format=" + MediaType.json.name.replacing("+", with: "%2B")
    /// How many projects are looked at for a built file.
    private static let limit = 20

    private struct Projects: Decodable {
        struct Project: Decodable { let name: String }
        let projects: [Project]
    }

    private struct Page: Decodable {
        struct File: Decodable {
            let url: String
            let size: Int64?
        }
        let files: [File]
    }

    private static func find(_ front: FrontDoor) throws(FetchError) -> (ProjectName?, ListedFile?) {
        var names = [front.project].compactMap(\.self)
        if names.isEmpty {
            let root = try front.send("simple/\(asJSON)")
            let projects = try? JSONDecoder().decode(Projects.self, from: Data(root.body))
            names = (projects?.projects ?? []).prefix(limit).compactMap { ProjectName($0.name) }
        }
        for name in names {
            if let file = try built(name, front) { return (name, file) }
        }
        return (names.first, nil)
    }

    /// The smallest file of the project that is there. Asked for by HEAD, which builds nothing.
    private static func built(_ name: ProjectName, _ front: FrontDoor) throws(FetchError) -> ListedFile? {
        let target = "simple/\(name)/\(asJSON)"
        let page = try? JSONDecoder().decode(Page.self, from: Data(try front.send(target).body))
        let sized = (page?.files ?? []).compactMap { file in file.size.map { (file.url, $0) } }.min {
            $0.1 < $1.1
        }
        guard let (url, size) = sized, let base = WebURL("\(front.address)simple/\(name)/"),
            let resolved = base.resolving(url)
        else { return nil }
        let path = String(resolved.path)
        let head = try front.send(absolute: path, method: "HEAD")
        // Listed, and gone from a limited cache: it would be built again.
        if head.status == 200 && head["cache-control"] == "no-store" { return nil }
        return ListedFile(path: path, size: size)
    }
}
