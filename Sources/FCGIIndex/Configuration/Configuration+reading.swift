internal import Glibc
internal import Logging
internal import POSIX

extension Configuration {
    /// Reads and checks the file at `path`. Touches no other file. Blocks.
    ///
    /// Relative paths in it start from its directory, and `~/` is the home directory of this process.
    ///
    /// - Throws: everything that is wrong with it.
    public init(contentsOf path: String) throws(ConfigurationError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path)
        } catch {
            throw ConfigurationError(unreadable: path, error)
        }
        try self.init(parsing: bytes, path: path, home: processEnvironment()["HOME"])
    }

    /// Reads and checks a configuration's text.
    ///
    /// - Parameters:
    ///   - bytes: the text, in UTF-8.
    ///   - path: the file it stands in, or is to stand in; messages name it, and relative paths start there.
    ///   - home: what `~/` stands for.
    /// - Throws: everything that is wrong with it.
    public init(parsing bytes: [UInt8], path: String, home: String?) throws(ConfigurationError) {
        let document = try TOMLDocument(bytes, file: path)
        let absolute = PathResolver.absolute(path)
        let paths = PathResolver(directory: Directory.parent(of: absolute), home: home)
        var reader = ConfigurationReader(document, file: path, paths: paths)
        let configuration = reader.configuration(path: absolute)
        guard reader.issues.isEmpty, let configuration else { throw ConfigurationError(reader.issues) }
        self = configuration
    }
}

extension ConfigurationReader {
    /// The whole configuration; `nil` only where something was reported.
    fileprivate mutating func configuration(path: String) -> Configuration? {
        let main = main
        check(
            main,
            has: [.main],
            subtables: ["build", "provenance", "group", "index", "source", "access"]
        )
        let paths = paths
        let listen = read(.listen, in: main) { node throws(ValueProblem) in
            try node.string.map { text throws(ValueProblem) in try ListenAddress(text, paths: paths) }
        }
        let mode = read(.socketMode, in: main, Self.mode)
        let socketGroup = read(.socketGroup, in: main, Self.group)
        let threads = read(.threads, in: main) { $0.integer }
        let basePath = read(.basePath, in: main, Self.basePath)
        let publicURL = read(.publicURL, in: main) { node throws(ValueProblem) in
            try node.string.map { text throws(ValueProblem) in try IndexURL(text).text }
        }
        let sendFile = read(.sendFile, in: main) { $0.string.flatMap { SendFile(rawValue: $0) } }
        let listings = read(.listingCacheControl, in: main, Self.cacheControl)
        let files = read(.fileCacheControl, in: main, Self.cacheControl)
        let cache = resolvedPath(.cache, in: main)
        let limit = read(.cacheLimit, in: main) { $0.integer }
        let keep = keepPatterns(main)
        let state = resolvedPath(.state, in: main)
        if let cache, let state { checkApart(cache: cache, state: state) }
        let fileGroup = read(.fileGroup, in: main, Self.group)
        let yanks = resolvedPath(.yanks, in: main)
        if let cache, let yanks { checkKept(yanks: yanks, cache: cache) }
        let groups = resolvedPath(.accessGroups, in: main)
        let realm = read(.realm, in: main, Self.realm)
        let directFiles = read(.directFiles, in: main) { $0.boolean }
        let format = read(.logFormat, in: main) { $0.string.flatMap { LogFormat(rawValue: $0) } }
        let level = read(.logLevel, in: main) { $0.string.flatMap { Logger.Level(rawValue: $0) } }
        let build = buildLimits()
        let provenance = provenance()
        let sources = sources()
        let accessRules = accessRules()
        if directFiles == true { checkAsked(accessRules) }
        let grouped = sourceGroups(of: sources.map(\.0))
        let indexes = indexes(of: sources, grouped.map(\.0), below: basePath ?? .root)
        let policies = sources.map { ($0.name, $1) } + grouped.map { ($0.name, $1) }
        guard let listen, let mode, let threads, let basePath, let listings, let files, let cache, let state,
            let yanks, let realm, let directFiles, let build, let format, let level
        else { return nil }
        return Configuration(
            path: path,
            listen: listen,
            socketMode: mode,
            socketGroup: socketGroup,
            threads: threads,
            basePath: basePath,
            publicURL: publicURL,
            sendFile: sendFile,
            listingCacheControl: listings,
            fileCacheControl: files,
            cacheDirectory: cache,
            cacheLimit: limit.map { Int64($0) << 20 },
            cacheKeep: keep,
            stateDirectory: state,
            fileGroup: fileGroup,
            yanksFile: yanks,
            accessRules: accessRules,
            accessGroupsFile: groups,
            realm: realm,
            hasDirectFiles: directFiles,
            logFormat: format,
            logLevel: level,
            build: build,
            provenance: provenance,
            sources: sources.map(\.0),
            groups: grouped.map(\.0),
            indexes: indexes,
            policies: Dictionary(policies.filter { !$0.1.isEmpty }, uniquingKeysWith: { first, _ in first })
        )
    }

    private mutating func keepPatterns(_ main: Section) -> [KeepPattern] {
        let path = main.path.appending(ConfigurationKey.cacheKeep.name)
        return (node(.cacheKeep, in: main)?.strings ?? []).enumerated().compactMap { index, text in
            if let pattern = KeepPattern(text) { return pattern }
            report(
                "\(TOMLNode.string(text).text) is no project name, nor the start of one and \"*\", with or without versions "
                    + "behind it.",
                at: path.appending(index)
            )
            return nil
        }
    }

    /// The value of a key that takes a path.
    mutating func resolvedPath(_ key: ConfigurationKey, in section: Section) -> String? {
        let paths = paths
        return read(key, in: section) { node throws(ValueProblem) in
            guard let text = node.string else { return nil }
            return try paths.resolve(text)
        }
    }

    /// The value of a key that takes seconds, to the millisecond.
    mutating func seconds(_ key: ConfigurationKey, in section: Section) -> Duration? {
        read(key, in: section) { node in
            node.number.map { .milliseconds(($0 * 1000).rounded()) }
        }
    }

    private mutating func buildLimits() -> BuildLimits? {
        let section = section("build")
        check(section, has: [.build])
        let slots = read(.slots, in: section) { $0.integer }
        let queue = read(.queue, in: section) { $0.integer }
        let hold = seconds(.hold, in: section)
        let sandbox = read(.sandbox, in: section) { $0.string.flatMap { SandboxMode(rawValue: $0) } }
        let memory = read(.memoryLimit, in: section) { $0.integer }
        let processes = read(.processLimit, in: section) { $0.integer }
        let disk = read(.diskLimit, in: section) { $0.integer }
        guard let slots, let queue, let hold, let sandbox, let memory, let processes, let disk else {
            return nil
        }
        let builder = resolvedPath(.builder, in: section)
        let origin = requirementOrigin(section)
        var limits = BuildLimits(slots: slots, queue: queue, hold: hold, sandbox: sandbox)
        limits.builder = builder
        limits.requirements = origin
        limits.resources.memory = Int64(memory) << 20
        limits.resources.processes = processes
        limits.resources.disk = Int64(disk) << 20
        return limits
    }

    private mutating func requirementOrigin(_ section: Section) -> RequirementOrigin {
        let index = read(.index, in: section) { node throws(ValueProblem) -> IndexURL? in
            guard let text = node.string else { return nil }
            return try IndexURL(text)
        }
        let wheelhouse = resolvedPath(.wheelhouse, in: section)
        return wheelhouse.map { .wheelhouse($0) } ?? index.map { .index($0.text) } ?? .tools
    }

    /// Each of the two is removed without asking what the other keeps in it.
    private mutating func checkApart(cache: String, state: String) {
        let isBelow = PathResolver.contains(cache, state)
        guard isBelow || PathResolver.contains(state, cache) else { return }
        let written = [ConfigurationKey.state, .cache].first { main.values[$0.name] != nil } ?? .state
        report(
            "cache (\(cache)) and state (\(state)) must not lie in each other; name two directories.",
            at: main.path.appending(written.name)
        )
    }

    /// Removing the cache must not bring back what was quarantined.
    private mutating func checkKept(yanks: String, cache: String) {
        guard PathResolver.contains(cache, yanks) else { return }
        report(
            "lies in the cache, which may be removed at any time; name a file elsewhere.",
            at: main.path.appending(ConfigurationKey.yanks.name)
        )
    }

    private static func mode(_ node: TOMLNode) throws(ValueProblem) -> UInt32? {
        guard let text = node.string else { return nil }
        let isOctal = (3...4).contains(text.utf8.count) && text.utf8.allSatisfy { (48...55).contains($0) }
        guard isOctal, let bits = UInt32(text, radix: 8), bits <= 0o777 else {
            throw ValueProblem(
                "expected \(ConfigurationKey.socketMode.kind.expectation), found \(node.summary)."
            )
        }
        return bits
    }

    private static func group(_ node: TOMLNode) throws(ValueProblem) -> String? {
        guard let name = node.string else { return nil }
        if Group(name) == nil {
            throw ValueProblem("there is no group \(TOMLNode.string(name).text) on this machine.")
        }
        return name
    }

    private static func cacheControl(_ node: TOMLNode) throws(ValueProblem) -> CacheControl? {
        guard let text = node.string else { return nil }
        if let value = CacheControl(text) { return value }
        throw ValueProblem(
            "expected \(ConfigurationKey.listingCacheControl.kind.expectation), found \(node.summary)."
        )
    }

    static func basePath(_ node: TOMLNode) throws(ValueProblem) -> BasePath? {
        guard let text = node.string else { return nil }
        if let path = BasePath(text) { return path }
        let hint = BasePath("/" + text).map { "; did you mean \"\($0)\"?" }
        throw ValueProblem(
            "expected \(ConfigurationKey.basePath.kind.expectation), found \(node.summary)\(hint ?? ".")"
        )
    }
}
