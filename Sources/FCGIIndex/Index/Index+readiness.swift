internal import FastCGI

/// Whether this index can do its work.
extension Index {
    /// `/-/ready`: 200 while every source of this machine can be read, else 503 with a line for each that cannot. That
    /// another index is away is no reason to send everybody elsewhere.
    func readiness(_ query: Query) -> Response {
        query.expectDelay()
        return Self.readiness(conditions())
    }

    /// The same of other sources.
    static func readiness(_ conditions: [SourceCondition]) -> Response {
        let reasons = conditions.filter { !$0.isRemote }.compactMap { condition in
            condition.failure.map { "The source \"\(condition.source)\" is unavailable: \($0)" }
        }
        if reasons.isEmpty { return Answers.text(200, "OK", "ok", [("Cache-Control", "no-store")]) }
        return Answers.text(
            503,
            "Not ready",
            reasons.joined(separator: "\n"),
            [("Retry-After", "5"), ("Cache-Control", "no-store")]
        )
    }

    /// How each source is that releases something itself, looked at now. Blocks.
    func conditions() -> [SourceCondition] {
        // Also where inotify tells nothing new: a file system may have gone without a word.
        listings.update()
        return source.conditions
    }
}
