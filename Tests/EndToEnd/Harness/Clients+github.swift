import Fixtures
import Foundation
import Glibc
import POSIX

/// GitHub on loopback: `Tests/GitHub/standin.py` in a virtual environment of its own, with what a test puts there.
final class GitHub {
    /// A release of a repository.
    struct Release: Encodable {
        struct Asset: Encodable {
            var name: String
            var path: String
            /// Whether GitHub knows its digest.
            var digest = true
            /// Whether it is listed, and not there any more.
            var vanished = false
        }

        var tag: String
        var draft = false
        var prerelease = false
        var assets: [Asset]
    }

    /// What goes wrong.
    struct Fault: Encodable {
        var status: Int
        var headers: [String: String] = [:]
        var body = ""
    }

    struct Repository: Encodable { var releases: [Release] }

    /// What there is; `standin.py` says what each part means.
    struct World: Encodable {
        var tokens: [String: [String]] = ["server-secret-token": ["*"]]
        var repositories: [String: Repository] = [:]
        var moved: [String: String] = [:]
        var page = 2
        var limit = 5000
        var lifetime = 60.0
        var faults: [String: Fault] = [:]
        var partial: [String: String]?
    }

    /// A request that it got.
    struct Exchange: Decodable {
        let on: String
        let method: String?
        let path: String?
        let status: Int?
        let authorization: String?
        let validator: String?
        let valid: Bool?
        let errors: [String]?
    }

    let directory: String
    private let child: Child
    private let port: UInt16

    /// Python with graphql-core; `nil` where there is neither it nor a network.
    static let python: String? = {
        let home = Places.package + "/.build/clients-github"
        let program = home + "/bin/python"
        let check = { try? Run([program, "-c", "import graphql"]).succeeded }
        if access(program, X_OK) == 0, check() == true { return program }
        // As for uv: the machine's own pip settings count.
        let environment = ProcessInfo.processInfo.environment
        for command in [
            ["python3", "-m", "venv", home],
            [home + "/bin/pip", "install", "--quiet", "graphql-core==3.2.*"],
        ] {
            let run = try? Run(command, environment: environment, limit: .seconds(300))
            if run?.succeeded != true { return nil }
        }
        return program
    }()

    /// GitHub's published schema: `$GITHUB_SCHEMA`, else beside the checkout.
    static let schema: String =
        ProcessInfo.processInfo.environment["GITHUB_SCHEMA"]
        ?? Places.package + "/../shared/data/github-schema.graphql"

    static let hasSchema = access(schema, R_OK) == 0

    /// What there is now.
    var world: World { didSet { try? write() } }

    /// - Parameter validates: whether queries are compared with the schema, which takes seconds to read.
    init(_ world: World = World(), validates: Bool = true) throws {
        guard let python = Self.python else { throw Run.Missing(program: "graphql-core") }
        self.world = world
        directory = try Places.makeDirectory("github")
        let output = directory + "/output"
        let files = [directory + "/world.json", directory + "/requests.log", validates ? Self.schema : ""]
        try File.replace(files[0], with: try JSONEncoder().encode(world).map { $0 }, mode: 0o644)
        child = try Child([python, Places.package + "/Tests/GitHub/standin.py"] + files, log: output)
        var words: [Substring] = []
        let isReady = try eventually(.seconds(60)) {
            words = try text(of: output).split(whereSeparator: \.isWhitespace)
            return words.first == "ready" && words.count >= 3
        }
        guard isReady, let port = UInt16(words[1]) else {
            throw SystemError("standin.py", path: output, code: ETIMEDOUT)
        }
        self.port = port
    }

    deinit {
        child.signal(SIGKILL)
        _ = child.wait(.seconds(5))
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func write() throws {
        try File.replace(
            directory + "/world.json",
            with: try JSONEncoder().encode(world).map { $0 },
            mode: 0o644
        )
    }

    func stop() {
        child.signal(SIGKILL)
        _ = child.wait(.seconds(5))
    }

    /// Puts a wheel there, and says where.
    func wheel(_ project: String, _ version: String, _ metadata: String = "", content: String = "") throws
        -> Release.Asset
    {
        let name = "\(project.replacing("-", with: "_"))-\(version)-py3-none-any.whl"
        let path = "\(directory)/\(UUID().uuidString.prefix(8))-\(name)"
        let wheel = ZipFixture.wheel(project, version, metadata: metadata, content: content)
        try File.replace(path, with: wheel.bytes, mode: 0o644)
        return Release.Asset(name: name, path: path)
    }

    /// Puts something else there.
    func file(_ name: String, _ text: String = "x") throws -> Release.Asset {
        let path = "\(directory)/\(UUID().uuidString.prefix(8))-\(name)"
        try File.replace(path, with: Array(text.utf8), mode: 0o644)
        return Release.Asset(name: name, path: path)
    }

    /// The requests so far.
    var exchanges: [Exchange] {
        ((try? text(of: directory + "/requests.log")) ?? "").split(separator: "\n").compactMap {
            try? JSONDecoder().decode(Exchange.self, from: Data($0.utf8))
        }
    }

    /// The keys that lead there.
    var keys: String {
        """
        api-url = "http://127.0.0.1:\(port)/api/v3/"
        hosts = ["localhost"]
        max-age = 1
        """
    }
}
