internal import Glibc
internal import PythonPackaging

/// The one place that says what a recipe finds in its environment: `variables(for:in:work:token:)`, nothing else.
public struct BuildEnvironment: Hashable, Sendable {
    /// What a recipe gets from the responder's environment, where it is set there. Certificates and proxies: with
    /// none of them uv and pip cannot reach an index in many organisations.
    public static let inherited = [
        "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
        "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    ]

    /// The variable by which a build's processes are found, whatever session they are in.
    static let tokenName = "PYINDEX_BUILD"

    /// The directories where programs are looked for.
    public let path: String
    /// This process's home directory, which no recipe sees.
    let home: String?
    private let passed: [String: String]

    /// Takes from `outer` what is passed on; a missing `PATH` is Debian's.
    public init(_ outer: [String: String]) {
        path = outer["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        home = outer["HOME"]
        passed = outer.filter { Self.inherited.contains($0.key) }
    }

    /// From this process's environment.
    public static var current: BuildEnvironment {
        var outer: [String: String] = [:]
        for name in inherited + ["PATH", "HOME"] {
            if let value = getenv(name) { outer[name] = String(cString: value) }
        }
        // Under CGI this name holds the request's header "Proxy", so anybody's choice (CVE-2016-5385).
        if getenv("REQUEST_METHOD") != nil { outer["HTTP_PROXY"] = nil }
        return BuildEnvironment(outer)
    }

    /// All variables of a recipe that runs in `directory`.
    func variables(
        for key: BuildKey,
        in directory: String,
        work: WorkDirectory,
        token: String
    ) -> [String: String] {
        let version = key.version.description
        let own = [
            "PATH": path,
            "PWD": directory,
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "HOME": work.home,
            "TMPDIR": work.temporary,
            // What is built has the time of its commit, not of its build.
            "SOURCE_DATE_EPOCH": String(key.commitTime),
            // There is no .git to ask: the tag says the version (setuptools-scm, which hatch-vcs uses too;
            // pdm-backend; poetry-dynamic-versioning).
            "SETUPTOOLS_SCM_PRETEND_VERSION": version,
            "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_\(key.project.escaped.uppercased())": version,
            "PDM_BUILD_SCM_VERSION": version,
            "POETRY_DYNAMIC_VERSIONING_BYPASS": version,
            Self.tokenName: token,
        ]
        return passed.merging(own) { $1 }
    }

    /// What must not be seen in a log: user names and passwords of proxies.
    var secrets: [String] {
        passed.values.compactMap { value in
            guard let scheme = value.firstRange(of: "://"), let at = value.lastIndex(of: "@"),
                scheme.upperBound < at
            else { return nil }
            return value[scheme.upperBound..<at].split(separator: ":", maxSplits: 1).last.map(String.init)
        }.filter { $0.utf8.count >= 4 }
    }
}
