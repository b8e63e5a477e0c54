internal import FastCGI
internal import Logging
internal import PythonPackaging

/// Who gets an answer: every route comes through here, before anything is looked up, built or waited for.
extension Index {
    /// The answer to a request that its sender may not make; `nil` where they may.
    func refusal(of subject: Route.Subject, to query: Query) -> Response? {
        if !access.isUnrestricted && query.hasDirectFiles {
            logger.error("\(Self.bypass)")
            return Answers.unavailable("The web server is set up wrongly: see the log", retryAfter: 60)
        }
        let refusal = refusal(of: subject, to: access.isUnrestricted ? nil : query.caller)
        // Without rules it is a quarantine.
        if refusal != nil && query.hasDirectFiles { logger.error("\(Self.bypassOfQuarantine)") }
        return refusal
    }

    /// The same for a caller who is known, or, where nothing is restricted, needs not be (`nil`).
    func refusal(of subject: Route.Subject, to caller: Caller?) -> Response? {
        switch verdict(on: subject, for: caller) {
        case .unauthenticated: return Answers.unauthenticated(realm: access.realm)
        case .forbidden:
            let what = subject.project?.normalized ?? "this"
            logger.info("\(caller?.user ?? "Somebody") may not read \(what).")
            return Answers.forbidden("No permission to read \(what)")
        case .allowed:
            // Of a quarantined project no file is handed out, whoever asks.
            guard case .file(let name) = subject else { return nil }
            return source.quarantine(of: name).map { Answers.withheld(name, $0) }
        }
    }

    private func verdict(on subject: Route.Subject, for caller: Caller?) -> Access.Verdict {
        guard let caller else { return .allowed }
        switch subject {
        case .nothing: return .allowed
        case .many: return access.verdictOnLists(for: caller)
        case .project(let name), .file(let name): return access.verdict(on: name, for: caller)
        }
    }

    /// `response` to a request about `subject`, so that no web server keeps for everybody what is not everybody's:
    /// nginx's micro-cache ignores Cache-Control, and would otherwise answer the next one by itself.
    func kept(_ response: Response, about subject: Route.Subject) -> Response {
        if subject == .nothing { return response }
        if isPersonal { return response.adding(("X-Accel-Expires", "0")) }
        if access.isUnrestricted { return response }
        if let name = subject.project, access.isOpen(name) { return response }
        return response.adding(("X-Accel-Expires", "0"))
    }

    /// What `query` may read of lists; `nil` where nothing is restricted.
    func readable(_ query: Query) -> Readable? {
        access.isUnrestricted ? nil : access.readable(by: query.caller)
    }

    /// Whether a list for who may read `readable` has `name`.
    func isVisible(_ name: ProjectName, in readable: Readable?) -> Bool {
        readable.map { access.holds($0, name) } ?? true
    }

    private static let bypassOfQuarantine: String =
        "The web server hands out built files without asking (PYINDEX_FILES = direct), also those of quarantined "
        + "projects. Take the include that asks for each file, or remove their directories below files in the cache."

    private static let bypass: String =
        "A request was refused: the web server hands out built files without asking (PYINDEX_FILES = direct), so "
        + "[[access]] keeps none from anybody. Take the include that asks for each file, or remove [[access]]."
}
