internal import FastCGI
internal import Glibc
internal import POSIX

/// The page of a build that goes on: what is known at once, then the log as it grows, until the build has ended.
public struct LogTail: Sendable {
    /// What is built.
    let key: BuildKey
    let format: ReportFormat
    let logPath: String
    /// Who follows it, and may lose the right to meanwhile.
    let caller: Caller
    /// What is known of the build now.
    let report: @Sendable () -> BuildReport

    private var offset: Int64 = 0
    private var spoke = ContinuousClock.now

    /// Bytes of the log in one piece: what a socket takes at once, and nginx's buffer.
    static let pieceLimit = 8192
    /// How long nothing is said at most: web servers give up on a silent responder after 30 seconds and more.
    static let silence = Duration.seconds(10)

    init(
        _ key: BuildKey,
        format: ReportFormat,
        logPath: String,
        caller: Caller,
        report: @escaping @Sendable () -> BuildReport
    ) {
        self.key = key
        self.format = format
        self.logPath = logPath
        self.caller = caller
        self.report = report
    }

    /// What is sent first.
    var head: Response {
        let facts = BuildFacts(report: report(), now: Int64(time(nil)))
        let body = format == .html ? BuildHTML.head(facts) : Array(BuildText.head(facts).utf8)
        // nginx would otherwise keep pieces back until it has a bufferful.
        return Answers.report(format, body, [("X-Accel-Buffering", "no")], isWhole: false)
    }

    /// What there is to send now, perhaps nothing, and whether that is the last of it. Reads a file or two.
    mutating func next() -> (bytes: [UInt8], isLast: Bool) {
        let log = read()
        if !log.isEmpty { return (said(log), false) }
        let report = report()
        if report.isUnderWay {
            // The log there may be is that of an earlier attempt.
            if report.state == .queued { offset = 0 }
            guard ContinuousClock.now - spoke >= Self.silence else { return ([], false) }
            let facts = BuildFacts(report: report, now: Int64(time(nil)))
            return (said(Array("pyindex-fcgi: \(facts.state)\n".utf8)), false)
        }
        // What was written between the two looks.
        let rest = read()
        if !rest.isEmpty { return (said(rest), false) }
        let facts = BuildFacts(report: report, now: Int64(time(nil)))
        let end = said(Array("\n\(facts.state)\n".utf8))
        return (format == .html ? end + BuildHTML.tail : end, true)
    }

    /// What is sent instead of the rest to who may not read it any more.
    var refusal: [UInt8] {
        let text = Array("\npyindex-fcgi: no permission to read on\n".utf8)
        return format == .html ? text + BuildHTML.tail : text
    }

    private mutating func said(_ bytes: [UInt8]) -> [UInt8] {
        spoke = .now
        return format == .html ? BuildHTML.escaped(bytes) : bytes
    }

    /// The next piece of the log; nothing while the build waits, since the log is that of an earlier one.
    private mutating func read() -> [UInt8] {
        guard let file = try? Descriptor(opening: logPath, O_RDONLY), let status = try? FileStatus(of: file)
        else { return [] }
        if offset == 0 && report().state == .queued { return [] }
        // Begun anew by another attempt.
        if status.size < offset { offset = 0 }
        guard status.size > offset, lseek(file.number, off_t(offset), SEEK_SET) == off_t(offset),
            let bytes = try? file.read(upTo: Self.pieceLimit)
        else { return [] }
        offset += Int64(bytes.count)
        return bytes
    }
}
