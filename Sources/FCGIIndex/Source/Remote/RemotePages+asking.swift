internal import Fetch
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// Asking the server, and what becomes of its answers.
extension RemotePages {
    /// There is no page: whether there will be one.
    func missing(_ key: Key, _ ask: @escaping Ask) throws(SourceError) -> Known? {
        if state.withLock({ $0.absent[key].map { $0 > .now } == true }) { return nil }
        let flight = refresh(key, ask)
        // It may have ended between these lines.
        if let known = known(key) { return known }
        throw unanswered(key, flight)
    }

    /// What to tell who asked for `key` by `flight`, or may not ask now (`nil`), and has no answer.
    func unanswered(_ key: Key, _ flight: Flight?) -> SourceError {
        if let flight {
            return flight.isLate(Patience.absent)
                ? .unavailable(source: source, reason: "It takes long to answer.")
                : .pending(source: source, flight, Patience.absent)
        }
        let circuit = circuit(key)
        let failure = state.withLock { $0.failures[key]?.error } ?? circuit.failure
        return error(failure ?? .unreachable("It is left alone for a while."), rest: circuit.rest)
    }

    /// What to tell who wanted a page, of why there is none.
    private func error(_ error: FetchError, rest: Int?) -> SourceError {
        switch error {
        case .limited(_, let seconds):
            .limited(source: source, reason: error.description, retryAfter: rest ?? seconds ?? 5)
        case .refused(let status): .refused(source: source, status: status, reason: error.description)
        default: .unavailable(source: source, reason: error.description)
        }
    }

    /// Asks the server, unless somebody does already; `nil` where nobody may now.
    func refresh(_ key: Key, _ ask: @escaping Ask) -> Flight? {
        let (flight, isNew): (Flight?, Bool) = state.withLock { state in
            if let flight = state.flights[key] { return (flight, false) }
            if let failure = state.failures[key], failure.until > .now { return (nil, false) }
            guard circuit(key).admits() else { return (nil, false) }
            let flight = Flight()
            state.flights[key] = flight
            return (flight, true)
        }
        if isNew { threads.run { self.fetch(key, ask) } }
        return flight
    }

    private func fetch(_ key: Key, _ ask: Ask) {
        let old = keptPage(key)
        do throws(FetchError) {
            let answer = try ask(key, old?.page)
            circuit(key).succeed(at: WallClock.now)
            take(answer, of: key, instead: old?.read)
        } catch {
            take(error, of: key)
        }
    }

    private func take(_ answer: Answer, of key: Key, instead old: Page?) {
        switch answer {
        case .page(let page):
            do throws(RemotePageFault) {
                let read = try Page(page, of: key)
                if let notice = read.leftOutNotice {
                    logger.notice("Source \"\(source)\": of \(key) \(notice).")
                }
                learn(key, read)
                do throws(SystemError) {
                    try kept.keep(page, as: Page.name(of: key))
                } catch {
                    // It can be served all the same, from memory.
                    logger.error("A page of the source \"\(source)\" cannot be kept: \(error).")
                }
                finish(key) { remember(Known(page: read, checked: WallClock.now), of: key, &$0) }
            } catch { fail(key, .bad("Its page of \(key) cannot be used: \(error.description)")) }
        case .unchanged:
            guard let old else { return fail(key, .bad("It says that a page is right that nobody has.")) }
            kept.touch(Page.name(of: key))
            finish(key, isNews: false) {
                remember(Known(page: old, checked: WallClock.now), of: key, &$0)
            }
        }
    }

    private func take(_ error: FetchError, of key: Key) {
        switch error {
        case .absent:
            circuit(key).succeed(at: WallClock.now)
            kept.remove(Page.name(of: key))
            finish(key) { state in
                state.known.remove(key)
                if state.absent.count >= Self.mostKeys { state.absent = [:] }
                state.absent[key] = .now + Patience.absence
            }
        case .refused, .bad:
            // It is there, and says what is of no use.
            circuit(key).succeed(at: WallClock.now)
            if case .refused = error, forgetsRefused {
                kept.remove(Page.name(of: key))
                state.withLock { $0.known.remove(key) }
            }
            fail(key, error)
        case .limited, .unreachable, .ended:
            circuit(key).fail(error)
            fail(key, error)
        }
    }

    private func fail(_ key: Key, _ error: FetchError) {
        logger.error("The source \"\(source)\" has no answer for \(key): \(error)")
        finish(key, isNews: false) { state in
            if state.failures.count >= Self.mostKeys { state.failures = [:] }
            state.failures[key] = (error, .now + Patience.pause)
        }
    }

    private func finish(_ key: Key, isNews: Bool = true, _ change: (inout State) -> Void) {
        let (flight, changed): (Flight?, Set<ProjectName>) = state.withLock { state in
            state.failures[key] = nil
            state.absent[key] = nil
            let old = state.known[key]?.value.page.projects(of: key)
            change(&state)
            let new = state.known[key]?.value.page.projects(of: key)
            return (state.flights.removeValue(forKey: key), (old ?? []).union(new ?? []))
        }
        if isNews { news?.add(changed) }
        flight?.end()
    }

    // MARK: Reading

    /// Reads the page that is kept.
    func load(_ key: Key) -> Known? {
        guard let (_, read, checked) = keptPage(key) else { return nil }
        let known = Known(page: read, checked: checked)
        state.withLock { remember(known, of: key, &$0) }
        return known
    }

    /// The page that is kept, as it came and as it reads; `nil` for one that cannot be used, or was asked for elsewhere.
    private func keptPage(_ key: Key) -> (page: KeptPage, read: Page, checked: Int64)? {
        do throws(SystemError) {
            guard let (page, checked) = try kept.page(Page.name(of: key)), page.asked == url(key),
                let read = try? Page(page, of: key)
            else { return nil }
            return (page, read, checked)
        } catch {
            logger.error("\(error).")
            return nil
        }
    }

    private func remember(_ known: Known, of key: Key, _ state: inout State) {
        state.known.insert(known, for: key, weight: known.page.weight)
    }
}
