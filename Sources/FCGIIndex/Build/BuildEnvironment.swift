internal import Glibc
internal import POSIX
internal import PythonPackaging

/// The one place that says what a recipe finds in its environment: `variables(for:in:work:token:)`, nothing else.
public struct BuildEnvironment: Hashable, Sendable {
    /// What a recipe gets from the responder's environment, where it is set there. Certificates and proxies: with
    /// none of them uv and pip cannot reach an index in many organisations.
    public static let inherited = [
        "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
        "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    ]

    /// What uv and pip get besides, to find the index: nothing else does.
    private static func isForInstaller(_ name: String) -> Bool {
        let names = [
            "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_CERT",
            "PIP_CLIENT_CERT", "PIP_TRUSTED_HOST", "PIP_CONFIG_FILE", "PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT",
            "PIP_RETRIES", "UV_DEFAULT_INDEX", "UV_FIND_LINKS", "UV_NO_INDEX", "UV_CONFIG_FILE",
            "UV_EXTRA_INDEX_URL", "UV_HTTP_TIMEOUT", "UV_INSECURE_HOST", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS",
            "NETRC",
        ]
        return names.contains(name) || name.hasPrefix("UV_INDEX")
    }

    /// The variable by which a build's processes are found, whatever session they are in.
    static let tokenName = "PYINDEX_BUILD"

    /// The directories where programs are looked for.
    public let path: String
    /// This process's home directory, which no recipe sees.
    let home: String?
    private let passed: [String: String]
    private let forInstaller: [String: String]

    /// Takes from `outer` what is passed on; a missing `PATH` is Debian's.
    public init(_ outer: [String: String]) {
        path = outer["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        home = outer["HOME"]
        passed = outer.filter { Self.inherited.contains($0.key) }
        forInstaller = outer.filter { Self.isForInstaller($0.key) }
    }

    /// From this process's environment.
    public static var current: BuildEnvironment {
        var outer = processEnvironment()
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
            // pdm-backend; poetry-dynamic-versioning; uv-dynamic-versioning; pbr).
            "SETUPTOOLS_SCM_PRETEND_VERSION": version,
            "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_\(key.project.escaped.uppercased())": version,
            "PDM_BUILD_SCM_VERSION": version,
            "POETRY_DYNAMIC_VERSIONING_BYPASS": version,
            "UV_DYNAMIC_VERSIONING_BYPASS": version,
            "PBR_VERSION": version,
            Self.tokenName: token,
        ]
        return passed.merging(own) { $1 }
    }

    /// All variables of uv and pip, which install what a build requires. They are told where the index is as they are
    /// everywhere on this machine: by their own variables and files.
    func variables(forInstallerIn scratch: String, work: WorkDirectory, token: String) -> [String: String] {
        let own = [
            "PATH": path,
            "PWD": scratch,
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "HOME": home ?? work.home,
            "TMPDIR": work.temporary,
            "XDG_CACHE_HOME": scratch,
            "UV_NO_CACHE": "1",
            "UV_NO_PROGRESS": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            "PIP_NO_CACHE_DIR": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            Self.tokenName: token,
        ]
        return passed.merging(forInstaller) { $1 }.merging(own) { $1 }
    }

    /// What must not be seen in a log: user names and passwords of proxies.
    var secrets: [String] {
        let passwords = forInstaller.filter { $0.key.hasSuffix("_PASSWORD") }.map(\.value)
        let urls = (Array(passed.values) + forInstaller.values).flatMap { $0.split(separator: " ") }
        let inURLs = urls.compactMap { value -> String? in
            guard let scheme = value.firstRange(of: "://"), let at = value.lastIndex(of: "@"),
                scheme.upperBound < at
            else { return nil }
            return value[scheme.upperBound..<at].split(separator: ":", maxSplits: 1).last.map(String.init)
        }
        return (passwords + inURLs).filter { $0.utf8.count >= 4 }
    }
}
