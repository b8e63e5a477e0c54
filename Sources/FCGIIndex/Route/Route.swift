public import PythonPackaging

/// What a URL means. Everything in it is parsed: no text of a URL goes further than this room.
public enum Route: Hashable, Sendable {
    /// `/`
    case home
    /// `/simple/`
    case projects
    /// `/simple/<project>/`, normalized
    case project(ProjectName)
    /// `/files/<project>/<identity>/<filename>`
    case file(ProjectName, Identity, DistributionFilename)
    /// the same with `.metadata` (PEP 658)
    case metadata(ProjectName, Identity, DistributionFilename)
    /// the same with `.asc`, a detached signature (PEP 503)
    case signature(ProjectName, Identity, DistributionFilename)
    /// `/packages/<filename>`, where git-pypi served files
    case package(DistributionFilename)
    /// `/-/builds/`
    case builds
    /// `/-/builds/<project>/<version>`
    case build(ProjectName, Version)
    /// `/-/explain/<project>` and `/-/explain/<project>/<version>`
    case explanation(ProjectName, Version?)
    /// `/pypi/<project>/json` and `/pypi/<project>/<version>/json`
    case legacyJSON(ProjectName, Version?)
    /// `/integrity/<project>/<version>/<filename>/provenance`, and `.../statement`
    case integrity(ProjectName, DistributionFilename, IntegrityDocument)
    /// `/-/health` and `/health`
    case health
    /// `/-/ready`
    case ready
    /// `/-/metrics`
    case metrics
    /// `/-/echo/<token>`
    case echo(EchoToken)
    /// the same page at another URL, relative to the requested one; the query is kept
    case moved(String)
    /// Nothing is there.
    case unknown

    /// Routes a path as it was requested (`REQUEST_URI` up to the question mark).
    ///
    /// Segments are decoded once; one that is empty, `.` or `..`, or hides a slash, backslash or NUL, leads nowhere.
    public init(path: Substring, under base: BasePath) {
        guard path.hasPrefix(base.prefix), path.utf8.count > base.prefix.utf8.count else {
            self = path == base.prefix && !path.isEmpty ? .moved(Self.lastSegment(of: path) + "/") : .unknown
            return
        }
        let rest = path.utf8.dropFirst(base.prefix.utf8.count)
        guard rest.first == 47 else {
            self = .unknown
            return
        }
        var segments = Substring(rest.dropFirst()).split(separator: "/", omittingEmptySubsequences: false)
        let isDirectory = segments.last == ""
        if isDirectory { segments.removeLast() }
        var decoded: [String] = []
        for segment in segments {
            guard let text = PercentEncoding.decode(segment), !text.isEmpty, text != ".", text != ".." else {
                self = .unknown
                return
            }
            decoded.append(text)
        }
        self = Self.route(decoded, isDirectory: isDirectory) ?? .unknown
    }

    private static func route(_ segments: [String], isDirectory: Bool) -> Route? {
        guard let first = segments.first else { return .home }
        switch (first, segments.count, isDirectory) {
        case ("simple", 1, true): return .projects
        case ("simple", 1, false): return .moved("simple/")
        case ("simple", 2, _): return project(segments[1], isDirectory: isDirectory)
        case ("files", 4, false): return file(segments)
        case ("pypi", 3...4, false) where segments.last == "json": return legacyJSON(segments)
        case ("integrity", 5, false): return integrity(segments)
        case ("packages", 2, false): return DistributionFilename(segments[1]).map { .package($0) }
        case ("health", 1, false): return .health
        case ("-", 2, false) where segments[1] == "health": return .health
        case ("-", 2, false) where segments[1] == "ready": return .ready
        case ("-", 2, false) where segments[1] == "metrics": return .metrics
        case ("-", 3, false) where segments[1] == "echo": return EchoToken(segments[2]).map { .echo($0) }
        case ("-", 2, _) where segments[1] == "builds": return isDirectory ? .builds : .moved("builds/")
        case ("-", 4, false) where segments[1] == "builds": return build(segments)
        case ("-", 3...4, false) where segments[1] == "explain": return explanation(segments)
        default: return nil
        }
    }

    private static func project(_ text: String, isDirectory: Bool) -> Route? {
        guard let name = ProjectName(text) else { return nil }
        if name.normalized == text {
            return isDirectory ? .project(name) : .moved(name.normalized + "/")
        }
        return .moved((isDirectory ? "../" : "") + name.normalized + "/")
    }

    private static func file(_ segments: [String]) -> Route? {
        guard let name = ProjectName(segments[1]), name.normalized == segments[1],
            let identity = Identity(segments[2])
        else { return nil }
        let text = segments[3]
        if text.hasSuffix(".metadata") {
            return DistributionFilename(text.dropLast(9), of: name).map { .metadata(name, identity, $0) }
        }
        if text.hasSuffix(".asc") {
            return DistributionFilename(text.dropLast(4), of: name).map { .signature(name, identity, $0) }
        }
        return DistributionFilename(text, of: name).map { .file(name, identity, $0) }
    }

    private static func legacyJSON(_ segments: [String]) -> Route? {
        guard let name = ProjectName(segments[1]) else { return nil }
        if name.normalized != segments[1] {
            let rest = segments[2...].map(PercentEncoding.encode).joined(separator: "/")
            return .moved(String(repeating: "../", count: segments.count - 2) + "\(name.normalized)/\(rest)")
        }
        if segments.count == 3 { return .legacyJSON(name, nil) }
        return Version(segments[2]).map { .legacyJSON(name, $0) }
    }

    private static func integrity(_ segments: [String]) -> Route? {
        guard let name = ProjectName(segments[1]), let version = Version(segments[2]),
            let document = IntegrityDocument(rawValue: segments[4])
        else { return nil }
        if name.normalized != segments[1] {
            let rest = segments[2...].map(PercentEncoding.encode).joined(separator: "/")
            return .moved("../../../\(name.normalized)/\(rest)")
        }
        guard let file = DistributionFilename(segments[3], of: name), file.version == version else {
            return nil
        }
        return .integrity(name, file, document)
    }

    private static func explanation(_ segments: [String]) -> Route? {
        guard let name = ProjectName(segments[2]) else { return nil }
        if name.normalized != segments[2] {
            if segments.count == 3 { return .moved(name.normalized) }
            return .moved("../\(name.normalized)/\(PercentEncoding.encode(segments[3]))")
        }
        if segments.count == 3 { return .explanation(name, nil) }
        return Version(segments[3]).map { .explanation(name, $0) }
    }

    private static func build(_ segments: [String]) -> Route? {
        guard let name = ProjectName(segments[2]), let version = Version(segments[3]) else { return nil }
        return .build(name, version)
    }

    private static func lastSegment(of path: Substring) -> String {
        path.split(separator: "/").last.map(String.init) ?? ""
    }
}
