internal import Fetch
internal import POSIX
internal import PythonPackaging

/// The index as clients meet it: through the web server.
struct FrontDoor {
    let address: IndexAddress
    let configuration: Configuration
    /// `nil` where the responder cannot be asked what it sees.
    let token: EchoToken?
    /// The project to look at; `nil` for one that has a built file.
    let project: ProjectName?

    init(_ address: IndexAddress, _ configuration: Configuration, token: EchoToken?, project: ProjectName?) {
        self.address = address
        self.configuration = configuration
        self.token = token
        self.project = project
    }

    /// Everything that is looked at once requests arrive, in the order of the report.
    private static let checks: [any ServerCheck] = [
        TransportCheck(), ParameterCheck(), SendFileCheck(), UserCheck(), ListingCheck(), ConditionCheck(),
        CompressionCheck(), RedirectCheck(), FileCheck(), RangeCheck(), InternalLocationCheck(),
        MetricsCheck(),
        BodyCheck(), EncodedSlashCheck(),
    ]

    /// What is found; where requests do not arrive at all, that alone. Blocks.
    func findings() -> [Finding] {
        do throws(FetchError) {
            let health = try send("-/health")
            if let obstacle = Arrival(self).obstacle(health) { return [obstacle] }
            let visit = try Visit(self, health)
            let arrival = Finding.ok("The responder answers through \(visit.server.rawValue) at \(address).")
            if let elsewhere = noIndex { return [arrival, elsewhere] }
            return [arrival] + Self.checks.flatMap { $0.findings(safely: visit) }
        } catch { return [Arrival(self).obstacle(error)] }
    }

    /// What is wrong with a URL where several indexes are, and none at that path.
    private var noIndex: Finding? {
        let paths = configuration.indexes.map(\.path.description)
        if paths.isEmpty || paths.contains(address.path) { return nil }
        return .error(
            "No index is mounted at \(address.path).",
            fix: "ask for one of them: \(paths.joined(separator: ", "))"
        )
    }

    /// Sends a request for a path below the index's; it is sent as it is.
    func send(
        _ path: String,
        method: String = "GET",
        _ fields: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        limit: Int = 8 << 20
    ) throws(FetchError) -> PlainAnswer {
        try send(absolute: address.path + path, method: method, fields, body: body, limit: limit)
    }

    /// Sends a request for a path of the server.
    func send(
        absolute path: String,
        method: String = "GET",
        _ fields: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        limit: Int = 8 << 20
    ) throws(FetchError) -> PlainAnswer {
        var request = PlainRequest(address.origin + path)
        request.method = method
        request.fields = fields
        // What pip names itself decides how long it waits, so the name must come through.
        if !fields.contains(where: { $0.name == "User-Agent" }) {
            request.fields.append(("User-Agent", Self.agent))
        }
        request.body = body
        // As uv and OpenSSL's own programs have it.
        request.caFile = processEnvironment()["SSL_CERT_FILE"]
        request.limit = limit
        return try request.send()
    }

    /// What it names itself.
    static let agent = "pyindex-fcgi doctor"
}

extension PlainAnswer {
    /// Whether it is the responder's own text, which no web server's error page looks like.
    func isOurs(_ status: Int, _ text: String) -> Bool {
        self.status == status && self.text == text + "\n" && self["x-content-type-options"] == "nosniff"
    }

    /// Whether it is the responder's 404.
    var isOurNotFound: Bool { isOurs(404, "Nothing is here.") }
}
