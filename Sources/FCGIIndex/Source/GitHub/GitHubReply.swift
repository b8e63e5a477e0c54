/// What the GraphQL API answered.
struct GitHubReply: Sendable {
    /// A page of a connection.
    struct Page<Node: Sendable>: Sendable {
        var nodes: [Node] = []
        /// The cursor to what comes behind it; `nil` where nothing does.
        var next: String?
    }

    struct Repository: Sendable {
        var name = ""
        var releases = Page<Release>()
    }

    struct Release: Sendable {
        var id = ""
        var isDraft = false
        var isPrerelease = false
        var assets = Page<String>()
    }

    struct Problem: Sendable {
        var type: String?
        var message = ""
    }

    /// `nil` where there is no such owner, or nobody asked.
    var repositories: Page<Repository>?
    var repository: Repository?
    var assets: Page<String>?
    var problems: [Problem] = []
    /// Points that it cost, and points an hour, a million at most; 0 where it did not say.
    var cost: Int64 = 0
    var limit: Int64 = 0
    var remaining: Int64?

    init(parsing bytes: UnsafeRawBufferPointer) throws(JSONScanner.Fault) {
        var scanner = JSONScanner(bytes)
        let isObject = try scanner.members { key, value throws(JSONScanner.Fault) in
            switch key {
            case "data":
                try value.members { key, value throws(JSONScanner.Fault) in try readData(key, &value) }
            case "errors":
                try value.elements { value throws(JSONScanner.Fault) in
                    var problem = Problem()
                    try value.members { key, value throws(JSONScanner.Fault) in
                        switch key {
                        case "type": problem.type = try value.string()
                        case "message": problem.message = try value.string() ?? ""
                        default: try value.skip()
                        }
                    }
                    problems.append(problem)
                }
            default: try value.skip()
            }
        }
        try scanner.end()
        if !isObject { throw JSONScanner.Fault(place: 0) }
    }

    private mutating func readData(_ key: String, _ value: inout JSONScanner) throws(JSONScanner.Fault) {
        switch key {
        case "rateLimit":
            try value.members { key, value throws(JSONScanner.Fault) in
                switch key {
                case "cost": cost = Self.points(try value.integer())
                case "limit": limit = Self.points(try value.integer())
                case "remaining": remaining = try value.integer()
                default: try value.skip()
                }
            }
        case "repositoryOwner":
            try value.members { key, value throws(JSONScanner.Fault) in
                guard key == "repositories" else { return try value.skip() }
                repositories = try Self.page(&value, Self.repository)
            }
        case "repository": repository = try Self.repository(&value)
        case "node":
            try value.members { key, value throws(JSONScanner.Fault) in
                guard key == "releaseAssets" else { return try value.skip() }
                assets = try Self.page(&value, Self.asset)
            }
        default: try value.skip()
        }
    }

    private static func points(_ said: Int64?) -> Int64 { min(max(0, said ?? 0), 1_000_000) }

    private static func page<Node>(
        _ value: inout JSONScanner,
        _ node: (inout JSONScanner) throws(JSONScanner.Fault) -> Node?
    ) throws(JSONScanner.Fault) -> Page<Node> {
        var page = Page<Node>()
        var hasNext = false
        try value.members { key, value throws(JSONScanner.Fault) in
            switch key {
            case "pageInfo":
                try value.members { key, value throws(JSONScanner.Fault) in
                    switch key {
                    case "hasNextPage": hasNext = try value.boolean() ?? false
                    case "endCursor": page.next = try value.string()
                    default: try value.skip()
                    }
                }
            case "nodes":
                try value.elements { value throws(JSONScanner.Fault) in
                    if let node = try node(&value) { page.nodes.append(node) }
                }
            default: try value.skip()
            }
        }
        if !hasNext { page.next = nil }
        return page
    }

    /// `nil` for null.
    private static func repository(_ value: inout JSONScanner) throws(JSONScanner.Fault) -> Repository? {
        var repository = Repository()
        let isObject = try value.members { key, value throws(JSONScanner.Fault) in
            switch key {
            case "nameWithOwner": repository.name = try value.string() ?? ""
            case "releases": repository.releases = try page(&value, release)
            default: try value.skip()
            }
        }
        return isObject ? repository : nil
    }

    private static func release(_ value: inout JSONScanner) throws(JSONScanner.Fault) -> Release? {
        var release = Release()
        let isObject = try value.members { key, value throws(JSONScanner.Fault) in
            switch key {
            case "id": release.id = try value.string() ?? ""
            case "isDraft": release.isDraft = try value.boolean() ?? false
            case "isPrerelease": release.isPrerelease = try value.boolean() ?? false
            case "releaseAssets": release.assets = try page(&value, asset)
            default: try value.skip()
            }
        }
        return isObject ? release : nil
    }

    private static func asset(_ value: inout JSONScanner) throws(JSONScanner.Fault) -> String? {
        var name: String?
        try value.members { key, value throws(JSONScanner.Fault) in
            if key == "name" { name = try value.string() } else { try value.skip() }
        }
        return name
    }
}
