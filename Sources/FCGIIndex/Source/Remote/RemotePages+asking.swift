internal import Fetch
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// Asking the server, and what becomes of its answers.
extension RemotePages {
    /// There is no page: whether there will be one.
    func missing(_ name: ProjectName) throws(SourceError) -> Known? {
        let (isAbsent, failure) = state.withLock { state in
            (state.absent[name].map { $0 > .now } == true, state.failures[name])
        }
        if isAbsent { return nil }
        if let flight = refresh(name) {
            // It may have ended between these lines.
            if let known = known(name) { return known }
            if !flight.isLate(Self.patience) { throw .pending(source: source, flight, Self.patience) }
            throw unavailable("It takes long to answer.")
        }
        throw unavailable(
            failure?.reason ?? circuit.condition(of: source).failure ?? "It is left alone for a while."
        )
    }

    private func unavailable(_ reason: String) -> SourceError { .unavailable(source: source, reason: reason) }

    /// Asks the server, unless somebody does already; `nil` where nobody may now.
    func refresh(_ name: ProjectName) -> Flight? {
        let (flight, isNew): (Flight?, Bool) = state.withLock { state in
            if let flight = state.flights[name] { return (flight, false) }
            if let failure = state.failures[name], failure.until > .now { return (nil, false) }
            guard circuit.admits() else { return (nil, false) }
            let flight = Flight()
            state.flights[name] = flight
            return (flight, true)
        }
        if isNew { threads.run { self.fetch(name) } }
        return flight
    }

    private func fetch(_ name: ProjectName) {
        let old: KeptPage?
        do throws(SystemError) {
            old = try kept.page(of: name)?.page
        } catch {
            logger.error("\(error).")
            old = nil
        }
        do throws(FetchError) {
            let answer = try ask(name, old)
            circuit.succeed(at: WallClock.now)
            take(answer, of: name, instead: old)
        } catch {
            take(error, of: name)
        }
    }

    private func take(_ answer: Answer, of name: ProjectName, instead old: KeptPage?) {
        switch answer {
        case .page(let page):
            do throws(RemotePageFault) {
                let read = try page.read(as: name)
                if let first = read.firstLeftOut {
                    logger.notice(
                        "Source \"\(source)\": \(read.leftOut) files of \(name) are left out; \(first)."
                    )
                }
                do throws(SystemError) {
                    try kept.keep(page, of: name)
                } catch {
                    // It can be served all the same, from memory.
                    logger.error("A page of the source \"\(source)\" cannot be kept: \(error).")
                }
                finish(name) { remember(Known(page: read, checked: WallClock.now), of: name, &$0) }
            } catch { fail(name, "Its page of \(name) cannot be used: \(error.description)") }
        case .unchanged:
            kept.touch(name)
            let page = try? old?.read(as: name)
            finish(name, isNews: false) { state in
                if let page { remember(Known(page: page, checked: WallClock.now), of: name, &state) }
            }
        }
    }

    private func take(_ error: FetchError, of name: ProjectName) {
        switch error {
        case .absent:
            circuit.succeed(at: WallClock.now)
            kept.remove(name)
            finish(name) { state in
                state.known.remove(name)
                if state.absent.count >= Self.mostNames { state.absent = [:] }
                state.absent[name] = .now + Self.absence
            }
        case .refused, .bad:
            // It is there, and says what is of no use.
            circuit.succeed(at: WallClock.now)
            fail(name, error.description)
        case .limited, .unreachable, .ended:
            circuit.fail(error)
            fail(name, error.description)
        }
    }

    private func fail(_ name: ProjectName, _ reason: String) {
        logger.error("The source \"\(source)\" has no answer for \(name): \(reason)")
        finish(name, isNews: false) { state in
            if state.failures.count >= Self.mostNames { state.failures = [:] }
            state.failures[name] = (reason, .now + Self.pause)
        }
    }

    private func finish(_ name: ProjectName, isNews: Bool = true, _ change: (inout State) -> Void) {
        let flight = state.withLock { state in
            state.failures[name] = nil
            state.absent[name] = nil
            change(&state)
            if isNews {
                state.news.insert(name)
                show(state)
            }
            return state.flights.removeValue(forKey: name)
        }
        flight?.end()
    }

    // MARK: Reading

    /// Reads the page that is kept on disk.
    func load(_ name: ProjectName) -> Known? {
        do throws(SystemError) {
            guard let (page, checked) = try kept.page(of: name), let read = try? page.read(as: name) else {
                return nil
            }
            let known = Known(page: read, checked: checked)
            state.withLock { remember(known, of: name, &$0) }
            return known
        } catch {
            logger.error("\(error).")
            return nil
        }
    }

    private func remember(_ known: Known, of name: ProjectName, _ state: inout State) {
        state.known.insert(known, for: name, weight: 1000 + known.page.files.count * Self.fileWeight)
    }
}
