internal import POSIX

/// A configuration of git-pypi, of either generation, turned into one of ours.
///
/// The first generation (0.x) has one repository in flat keys, the second (1.x, `version = 1`) has tables
/// `[repositories.NAME]`. Both tag packages `PACKAGE/vVERSION`, keep them in directories of their names,
/// and build them by `make build` unless told otherwise.
struct GitPyPIImport: Sendable {
    /// The configuration made of it, to be completed and written.
    private(set) var draft = ConfigurationDraft()
    /// What has no equivalent or was read in another way than git-pypi does, in the order of the file.
    private(set) var warnings: [ConfigurationError.Issue] = []

    private let document: TOMLDocument
    let file: String
    private let paths: PathResolver

    /// Reads git-pypi's configuration, a text that stands at `path`.
    ///
    /// - Parameter repository: the repository of a 0.x configuration that names none, since git-pypi takes
    ///   it from its command line then.
    /// - Throws: what is wrong with the file's syntax, or that no source came out of it.
    init(parsing bytes: [UInt8], path: String, home: String?, repository: String?) throws(ConfigurationError)
    {
        document = try TOMLDocument(bytes, file: path)
        file = path
        paths = PathResolver(directory: Directory.parent(of: PathResolver.absolute(path)), home: home)
        let main = ImportedTable(document.root, at: .root)
        let isFlat = main["repositories"] == nil && (main["version"]?.node.integer ?? 0) < 1
        if isFlat {
            try importFlat(main, repository: repository)
        } else {
            importRepositories(main)
        }
        importFallback(main)
        importCache(main)
        importServer(main)
        let flatKeys = ["repo-dir-path", "local-packages-dir-path", "extra-checkout-paths"] + Self.recipeKeys
        warnOfUnknown(main, known: Self.mainKeys + (isFlat ? flatKeys : ["repositories"]))
        warnings = ConfigurationError(warnings).issues
        guard !draft.isEmpty else {
            throw ConfigurationError(
                [.init(file: path, message: "Nothing in it can be a source yet.")] + warnings
            )
        }
    }

    static let recipeKeys = ["package-artifacts-dir-path", "build-command"]
    private static let mainKeys = ["version", "cached-artifacts-dir-path", "fallback-index-url", "server"]

    mutating func warn(_ message: String, at path: TOMLPath) {
        warnings.append(
            .init(file: file, line: document.line(of: path), key: path.description, message: message)
        )
    }

    mutating func warnOfUnknown(_ table: ImportedTable, known: [String]) {
        for (name, value) in table.sorted where !known.contains(name) {
            warn("is no key of git-pypi here; it was left out.", at: value.path)
        }
    }

    /// Adds a git source.
    mutating func add(_ values: [String: TOMLNode]) { draft.addRepository(values) }

    /// A path as git-pypi reads it, made absolute; `nil`, with a warning, where it cannot be read.
    mutating func path(_ value: ImportedTable.Value) -> String? {
        guard let text = value.node.string else {
            warn("expected a path, found \(value.node.summary); it was left out.", at: value.path)
            return nil
        }
        do throws(ValueProblem) {
            let path = try paths.resolve(text)
            if !text.hasPrefix("/") && !text.hasPrefix("~") {
                warn("git-pypi reads it from where it is started; here it became \(path).", at: value.path)
            }
            return path
        } catch {
            warn(error.message, at: value.path)
            return nil
        }
    }

    /// The repositories' names, in the order of the file, in which git-pypi asks them.
    func inOrder(_ repositories: ImportedTable) -> [(name: String, value: ImportedTable.Value)] {
        repositories.values.map { ($0.value.written, $0.value) }
            .sorted { (document.line(of: $0.1.path), $0.0) < (document.line(of: $1.1.path), $1.0) }
    }

    // MARK: What both generations have

    private mutating func importFallback(_ main: ImportedTable) {
        guard let value = main["fallback-index-url"] else {
            let message =
                "git-pypi falls back to PyPI when this key is absent; here no index is assumed: name one with --upstream."
            warnings.append(.init(file: file, key: "fallback-index-url", message: message))
            return
        }
        if value.node == .string("") || value.node == .boolean(false) { return }
        guard let url = value.node.string else {
            warn("expected a URL, found \(value.node.summary); no index was taken over.", at: value.path)
            return
        }
        do throws(ConfigurationError) {
            try draft.setUpstream(url, name: "fallback")
        } catch {
            warn(error.issues.map(\.message).joined(separator: " ") + " It was left out.", at: value.path)
        }
    }

    private mutating func importCache(_ main: ImportedTable) {
        guard let value = main["cached-artifacts-dir-path"], let path = path(value) else { return }
        if path.hasSuffix("/.git-pypi/cache/artifacts") {
            let standard = ConfigurationKey.cache.standard?.string ?? ""
            warn("git-pypi's own default was not taken over; cache is \(standard).", at: value.path)
            return
        }
        draft.cache = path
        warn(
            "became cache. What git-pypi built is not read from it, and the web server's user must be able to enter it.",
            at: value.path
        )
    }

    private mutating func importServer(_ main: ImportedTable) {
        guard let value = main["server"] else { return }
        let reasons = [
            "host":
                "has no equivalent: clients talk to the web server, which finds this responder at listen.",
            "port":
                "has no equivalent: clients talk to the web server, which finds this responder at listen.",
            "threads":
                "was not taken over: a request that waits for a build keeps no thread here, so the default is right.",
            "timeout":
                "has no equivalent: a build ends after its source's build-timeout, and no request waits longer.",
        ]
        let server = ImportedTable(value.node.table ?? [:], at: value.path)
        for (name, value) in server.sorted {
            warn(reasons[name] ?? "is no key of git-pypi here; it was left out.", at: value.path)
        }
    }
}
