internal import POSIX
internal import PythonPackaging

extension Verdicts {
    /// Reads and checks the file at `path`, which may be absent: then nothing is yanked. Blocks.
    ///
    /// - Throws: everything that is wrong with it.
    public init(contentsOf path: String) throws(ConfigurationError) {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try File.readIfPresent(path)
        } catch {
            throw ConfigurationError(unreadable: path, error)
        }
        try self.init(parsing: bytes ?? [], file: path)
    }

    /// Reads and checks the text of the file that messages call `file`.
    init(parsing bytes: [UInt8], file: String) throws(ConfigurationError) {
        try self.init(try TOMLDocument(bytes, file: file), file: file)
    }

    /// Checks a document.
    init(_ document: TOMLDocument, file: String) throws(ConfigurationError) {
        let paths = PathResolver(directory: "/", home: nil)
        var reader = ConfigurationReader(document, file: file, paths: paths)
        let verdicts = reader.verdicts()
        if !reader.issues.isEmpty { throw ConfigurationError(reader.issues) }
        self = verdicts
    }
}

extension ConfigurationError {
    /// Of a file that is there and cannot be read.
    init(unreadable path: String, _ error: SystemError) {
        let reason = SystemError(error.call, code: error.code).description
        self.init([.init(file: path, message: "cannot be read: \(reason).")])
    }
}

extension ConfigurationReader {
    /// Everything the document says, as far as it is right.
    fileprivate mutating func verdicts() -> Verdicts {
        check(main, has: [.verdicts], subtables: ["yank", "status"])
        return Verdicts(yanks: yanks(), statuses: statuses())
    }

    private mutating func yanks() -> [YankRule] {
        var rules: [YankRule] = []
        var known: [ProjectName: Set<YankTarget>] = [:]
        for section in sections("yank") {
            guard let rule = yank(section) else { continue }
            if !known[rule.project, default: []].insert(rule.target).inserted {
                report("\(rule) is yanked above already; keep one of the two.", at: section.path)
            }
            rules.append(rule)
        }
        return rules
    }

    private mutating func yank(_ section: Section) -> YankRule? {
        check(section, has: [.yank])
        let project = project(.yankedProject, in: section)
        let version = read(.yankedVersion, in: section, Self.version)
        let file = read(.yankedFile, in: section, Self.file)
        let reason = read(.yankReason, in: section) { $0.string }
        let keys = [ConfigurationKey.yankedVersion, .yankedFile]
        if keys.count(where: { section.values[$0.name] != nil }) != 1 {
            let examples = keys.map(\.example).joined(separator: " or ")
            report("write what is yanked, by one of the two: \(examples).", at: section.path)
        }
        guard let project, let target = version.map({ .version($0) }) ?? file.map({ YankTarget.file($0) })
        else { return nil }
        return YankRule(target, of: project, reason: reason)
    }

    private mutating func statuses() -> [ProjectName: ProjectStatus] {
        var statuses: [ProjectName: ProjectStatus] = [:]
        for section in sections("status") {
            check(section, has: [.status])
            let project = project(.statusProject, in: section)
            let marker = read(.statusMarker, in: section) { node in
                node.string.flatMap { ProjectStatus.Marker(rawValue: $0) }
            }
            let reason = read(.statusReason, in: section) { $0.string }
            guard let project, let marker else { continue }
            if statuses.updateValue(ProjectStatus(marker, reason: reason), forKey: project) != nil {
                report(
                    "the status of \(project) stands above already; keep one of the two.",
                    at: section.path
                )
            }
        }
        return statuses
    }

    private mutating func project(_ key: ConfigurationKey, in section: Section) -> ProjectName? {
        read(key, in: section) { node throws(ValueProblem) -> ProjectName? in
            guard let text = node.string else { return nil }
            if let name = ProjectName(text) { return name }
            throw ValueProblem("expected \(key.kind.expectation), found \(node.summary).")
        }
    }

    private static func version(_ node: TOMLNode) throws(ValueProblem) -> VersionPattern? {
        guard let text = node.string else { return nil }
        if let pattern = VersionPattern(text) { return pattern }
        throw ValueProblem(
            "expected \(ConfigurationKey.yankedVersion.kind.expectation), found \(node.summary)."
        )
    }

    private static func file(_ node: TOMLNode) throws(ValueProblem) -> String? {
        guard let text = node.string else { return nil }
        if !text.isEmpty && !text.contains("/") { return text }
        throw ValueProblem("expected \(ConfigurationKey.yankedFile.kind.expectation), found \(node.summary).")
    }
}
