public import FastCGI
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging

/// What is known of builds.
extension Index {
    /// `/-/builds/<project>/<version>`: state, facts and log; the log of a running build is followed.
    func build(of name: ProjectName, _ version: Version, _ query: Query) -> Answer {
        query.expectDelay()
        refresh()
        let key: BuildKey?
        do throws(SourceError) {
            key = try buildKey(of: name, version)
        } catch { return .response(unavailable(error)) }
        guard let key else { return .response(Answers.notFound) }
        let format = format(query)
        if format == .json || query.isHead || !report(on: key).isUnderWay {
            return .response(snapshot(key, format))
        }
        let logPath = history.record(key.identity).logPath
        return .follow(
            LogTail(key, format: format, logPath: logPath, caller: query.caller) { self.report(on: key) }
        )
    }

    /// Whether who follows a log may read on, as things are now.
    func permits(_ tail: LogTail) -> Bool {
        let name = tail.key.project
        return isOurs(tail.key) && source.quarantine(of: name) == nil
            && refusal(of: .project(name), to: tail.caller) == nil
    }

    /// The answer to a request that might have followed the log, where too many do already.
    public func answer(insteadOf tail: LogTail) -> Response { snapshot(tail.key, tail.format) }

    /// `/-/builds/`: the builds of all projects that something happened to last.
    func recentBuilds(_ query: Query) -> Response {
        query.expectDelay()
        refresh()
        let reports: [BuildReport]
        do throws(SystemError) {
            let readable = readable(query)
            reports = try recent.value(for: now, readable) { () throws(SystemError) in
                try history.recent(Self.recentLimit) { report in
                    isOurs(report.key) && source.quarantine(of: report.key.project) == nil
                        && isVisible(report.key.project, in: readable)
                }
            }
        } catch {
            logger.error("\(error).")
            return Answers.unavailable("The state directory cannot be read", retryAfter: 10)
        }
        let format = format(query)
        let body =
            switch format {
            case .html: BuildHTML.list(reports, at: now)
            case .json: BuildJSON.list(reports, at: now)
            case .text: Array(BuildText.list(reports, at: now).utf8)
            }
        return Answers.report(format, body)
    }

    /// Builds on the page of all projects.
    static let recentLimit = 200

    func format(_ query: Query) -> ReportFormat {
        ReportFormat(format: query.parameter("format"), accept: query.accept)
    }

    /// What is or was built for a version: of its tag, else what was published last.
    private func buildKey(of name: ProjectName, _ version: Version) throws(SourceError) -> BuildKey? {
        if source.quarantine(of: name) != nil { return nil }
        if let key = try source.buildKey(of: name, version) { return key }
        return ledger.entries(of: name).last { $0.key.version == version && isOurs($0.key) }?.key
    }

    private func report(on key: BuildKey) -> BuildReport {
        let report = history.report(on: key)
        if report.isUnderWay { return report }
        // It may have ended a moment ago: only then is what it published to be seen.
        refresh()
        return history.report(on: key)
    }

    private func snapshot(_ key: BuildKey, _ format: ReportFormat) -> Response {
        let report = report(on: key)
        // While it waits, the log is that of an attempt before.
        let log =
            report.state == .queued ? nil : try? File.readIfPresent(history.record(key.identity).logPath)
        let facts = BuildFacts(report: report, entry: published(report), now: now)
        let body =
            switch format {
            case .html: BuildHTML.head(facts) + BuildHTML.escaped(log ?? []) + BuildHTML.tail
            case .json: BuildJSON.report(report, at: now, entry: facts.entry, builder: builderURI, log: log)
            case .text: Array(BuildText.head(facts).utf8) + (log ?? [])
            }
        return Answers.report(format, body)
    }

    /// What the ledger has of a published file; nothing where it cannot be read, which is no reason to say nothing.
    private func published(_ report: BuildReport) -> LedgerEntry? {
        guard report.state == .published else { return nil }
        do throws(LedgerError) {
            return try ledger.published(report.key.identity)
        } catch {
            logger.error("\(error)")
            return nil
        }
    }

    func logURL(_ key: BuildKey) -> String {
        "\(base.prefix)/-/builds/\(key.project)/\(PercentEncoding.encode(key.version.description))"
    }

    /// Seconds since 1970.
    var now: Int64 { Int64(time(nil)) }

    func record(_ identity: Identity) -> BuildFailure? {
        do {
            return try history.record(identity).outcome()
        } catch {
            logger.error("\(error).")
            return nil
        }
    }
}
