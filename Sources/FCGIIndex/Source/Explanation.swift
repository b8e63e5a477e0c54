public import PythonPackaging

/// Why a project's page is what it is: what each source said of it, what each rule took away, and what is left.
///
/// It is made by the same steps as the page, each source and each wrapper adding what it did, so that the two cannot
/// disagree.
public struct Explanation: Sendable {
    /// What a client gets of all this.
    public enum Outcome: Sendable {
        case page(ProjectPage)
        case redirect(String)
        case absent
        case failed(SourceError)
    }

    /// What a source, or a rule, says of the project.
    public struct Statement: Hashable, Sendable {
        /// The name of the source, or of what else speaks.
        public let speaker: String
        /// A sentence without its subject.
        public let text: String
    }

    /// A file, or what might have been one, that clients do not see.
    public struct Withheld: Hashable, Sendable {
        /// Its name, or that of the tag or the path that releases nothing.
        public let name: String
        /// Its version; `nil` where none is known.
        public let version: Version?
        /// The source that has it.
        public let source: String
        /// A sentence.
        public let reason: String
    }

    /// What comes of it.
    public var outcome: Outcome
    /// In the order in which they were asked.
    public private(set) var statements: [Statement] = []
    /// In the order in which it was taken away.
    public private(set) var withheld: [Withheld] = []
    /// The source of each file of the page, by the file's name.
    public private(set) var origins: [String: String] = [:]

    /// Nothing was said yet.
    public init(_ outcome: Outcome) { self.outcome = outcome }

    /// What the source named `source` answers when it is asked.
    ///
    /// - Parameter reason: why it has a say, in words such as "claims the name"; `nil` where the answer says enough.
    public init(
        of source: String,
        reason: String? = nil,
        asking ask: () throws(SourceError) -> ProjectAnswer
    ) {
        let text: String
        do throws(SourceError) {
            switch try ask() {
            case .page(let page):
                outcome = .page(page)
                for file in page.files { origins[file.filename.description] = source }
                let status = page.status == .active ? "" : ", status \(page.status)"
                text = "\(reason ?? "has the project"): \(Self.count(page.files))\(status)."
            case .redirect(let url):
                outcome = .redirect(url)
                text = "sends clients to \(url)"
            case .absent:
                outcome = .absent
                text = "does not have the project."
            }
        } catch {
            outcome = .failed(error)
            text = error.isPending ? "is still being asked." : "is unavailable: \(error.reason)"
        }
        add(source, text)
    }

    /// Adds what `speaker` says.
    public mutating func add(_ speaker: String, _ text: String) {
        statements.append(Statement(speaker: speaker, text: text))
    }

    /// Adds what `source` has and nobody sees.
    public mutating func withhold(_ name: String, _ version: Version?, of source: String, _ reason: String) {
        withheld.append(Withheld(name: name, version: version, source: source, reason: reason))
    }

    /// Takes over what was said in `other`, but for its outcome.
    mutating func add(_ other: Explanation) {
        statements += other.statements
        withheld += other.withheld
        origins.merge(other.origins) { first, _ in first }
    }

    /// Has a rule judge each file of the page; those of which it says why are no part of it any more.
    mutating func withhold(_ reason: (IndexFile) -> String?) {
        guard case .page(var page) = outcome else { return }
        page.files = page.files.filter { file in
            guard let reason = reason(file) else { return true }
            let name = file.filename.description
            withhold(name, file.filename.version, of: origins[name] ?? "", reason)
            return false
        }
        outcome = .page(page)
    }

    /// The same about one version.
    public func limited(to version: Version) -> Explanation {
        var limited = self
        if case .page(var page) = outcome {
            page.files = page.files.filter { $0.filename.version == version }
            limited.outcome = .page(page)
        }
        limited.withheld = withheld.filter { $0.version == nil || $0.version == version }
        return limited
    }

    private static func count(_ files: [IndexFile]) -> String {
        files.count == 1 ? "1 file" : "\(files.count) files"
    }
}

extension SourceError {
    /// Whether it is worth asking again in a moment.
    var isPending: Bool { if case .pending = self { true } else { false } }

    /// Why, in a sentence that does not name the source.
    var reason: String {
        switch self {
        case .unavailable(_, let reason), .limited(_, let reason, _), .refused(_, _, let reason),
            .unauthenticated(_, let reason), .forbidden(_, let reason):
            reason
        case .pending: description
        }
    }
}
