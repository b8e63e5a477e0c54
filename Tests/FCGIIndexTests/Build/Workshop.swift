internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

/// A repository with one package, a configuration, and a builder, in a private directory that goes with it.
final class Workshop: Sendable {
    /// Leaves a correct archive of whatever version is built.
    static let honest = """
        set -e
        top=acme_core-$PDM_BUILD_SCM_VERSION
        mkdir -p dist $top
        printf 'Metadata-Version: 2.2\\nName: acme-core\\nVersion: %s\\n' $PDM_BUILD_SCM_VERSION > $top/PKG-INFO
        cp acme_core.py $top
        tar czf dist/$top.tar.gz $top

        """

    /// The sandboxes that work on this machine.
    static let sandboxes: [Sandbox] = {
        let detected = (try? Sandbox.detect(.required)) ?? .none
        return detected == .none ? [.none] : [.none, detected]
    }()

    static let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"

    let root: String
    let configuration: Configuration
    let ledger: Ledger
    let commit: String

    var repository: String { root + "/repository" }
    var state: String { configuration.stateDirectory }
    var store: ArtifactStore { ArtifactStore(root: configuration.cacheDirectory, group: nil) }

    /// - Parameters:
    ///   - script: what `sh` runs in the package's directory; `$OUT` in it is the directory `out` of the root.
    ///   - files: more files of the repository, by path.
    init(
        _ script: String = Workshop.honest,
        files: [String: String] = [:],
        slots: Int = 8,
        resources: ResourceLimits = ResourceLimits(),
        origin: RequirementOrigin = .tools,
        in base: String = Workshop.base,
        recipe change: (inout Recipe) -> Void = { _ in }
    ) throws {
        root = "\(try File.resolve(base))/pyindex-test-\(Temporary.suffix())"
        for directory in ["repository/acme-core", "cache", "state", "out"] {
            try Directory.create("\(root)/\(directory)")
        }
        let own = [
            "acme-core/build.sh": "OUT=\(root)/out\n" + script, "acme-core/acme_core.py": "answer = 42\n",
        ]
        for (path, content) in own.merging(files, uniquingKeysWith: { $1 }) {
            try Directory.create(Directory.parent(of: "\(root)/repository/\(path)"))
            let mode: mode_t = content.hasPrefix("#!") ? 0o755 : 0o644
            try File.replace("\(root)/repository/\(path)", with: Array(content.utf8), mode: mode)
        }
        commit = try Self.commit("\(root)/repository")
        var recipe = Recipe()
        recipe.command = ["sh", "build.sh"]
        change(&recipe)
        let source = GitSourceConfiguration(
            name: "monorepo",
            path: "\(root)/repository",
            rules: [],
            recipe: recipe
        )
        var configuration = Configuration(
            path: "\(root)/config.toml",
            listen: .inherited,
            cacheDirectory: "\(root)/cache",
            stateDirectory: "\(root)/state",
            yanksFile: "\(root)/yanks.toml",
            sources: [.git(source)]
        )
        configuration.build.slots = slots
        configuration.build.resources = resources
        configuration.build.requirements = origin
        self.configuration = configuration
        ledger = try Ledger(directory: configuration.stateDirectory)
    }

    deinit { try? Directory.remove(root) }

    private static func commit(_ repository: String) throws -> String {
        let script = """
            set -e
            git init -q .
            git add -A
            git -c user.name=x -c user.email=x@example.org commit -q -m x
            git rev-parse HEAD > ../commit
            """
        try #require(run(["/bin/sh", "-c", script], in: repository) == .exited(0))
        return String(decoding: try File.read(repository + "/../commit").prefix(40), as: UTF8.self)
    }

    /// Runs a program to its end.
    static func run(_ arguments: [String], in directory: String = "/") throws -> Termination {
        let path = String(cString: getenv("PATH"))
        let environment = [
            "PATH": path, "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_COMMITTER_DATE": "1700000000 +0000", "GIT_AUTHOR_DATE": "1700000000 +0000",
        ]
        return try Termination(
            waitingFor: Program(arguments, environment: environment, directory: directory).start()
        )
    }

    func key(
        _ version: String = "1.0",
        directory: String = "acme-core",
        commitTime: Int64 = 1_700_000_000
    ) throws -> BuildKey {
        guard case .git(let source) = configuration.sources[0] else { throw SystemError("key", code: EINVAL) }
        return BuildKey(
            source: source.name,
            project: try #require(ProjectName("acme-core")),
            version: try #require(Version(version)),
            tag: "acme-core/v\(version)",
            tagObject: commit,
            commit: commit,
            commitTime: commitTime,
            directory: directory,
            recipe: source.recipe.digest
        )
    }

    func builder(
        _ sandbox: Sandbox = .none,
        interruption: Interruption = Interruption(),
        environment: BuildEnvironment = .current
    ) -> Builder {
        Builder(
            configuration: configuration,
            sandbox: sandbox,
            store: store,
            ledger: ledger,
            interruption: interruption,
            environment: environment
        )
    }

    /// Builds version 1.0.
    func build(_ sandbox: Sandbox = .none, retry: Bool = false) throws -> Outcome {
        builder(sandbox).build(try key(), retry: retry)
    }

    func record(_ version: String = "1.0") throws -> BuildRecord {
        BuildRecord(stateDirectory: state, identity: try key(version).identity)
    }

    /// What the last build of 1.0 logged; empty when there was none.
    func log() -> String {
        String(decoding: (try? File.read(record().logPath)) ?? [], as: UTF8.self)
    }

    /// The lines that recipes appended to the file `name` in `$OUT`.
    func lines(_ name: String) -> [String] {
        let bytes = (try? File.read("\(root)/out/\(name)")) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Whether nothing of any build is left but its outcome.
    func isClean() throws -> Bool {
        try Directory.entries(store.temporaryDirectory).isEmpty && !record().isBuilding
    }

    /// Whether some process has `marker` among its arguments.
    static func isRunning(_ marker: String) -> Bool {
        ProcessTable().entries.keys.contains { id in
            let bytes = (try? File.read("/proc/\(id)/cmdline")) ?? []
            return bytes.split(separator: 0).contains { $0.elementsEqual(marker.utf8) }
        }
    }

    /// The results of `count` threads that run `body` at once.
    static func inThreads<Value: Sendable>(
        _ count: Int,
        _ body: @escaping @Sendable (Int) -> Value
    ) throws -> [Value] {
        let collected = Collected<Value>()
        let threads = try (0..<count).map { number in
            try Thread(named: "test") { collected.append(body(number)) }
        }
        threads.forEach { $0.join() }
        return collected.all
    }
}

private final class Collected<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func append(_ value: Value) { values.withLock { $0.append(value) } }
    var all: [Value] { values.withLock { $0 } }
}

extension Outcome {
    /// The failure, if it is one.
    var failure: BuildFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
