/// Whether a source can be read.
public struct SourceCondition: Hashable, Sendable {
    /// The source's name in the configuration.
    public let source: String
    /// Why it cannot be read now, in a sentence; `nil` when it can.
    public let failure: String?
    /// When it could be read last, in nanoseconds since 1970; `nil` when it never could.
    public let lastRead: Int64?
    /// Whether it is another server, without which this one still does its own work.
    public var isRemote = false
    /// What another server said last that it still grants for now, in requests or points, by kind.
    public var remaining: [String: Int64] = [:]
}

extension SourceCondition {
    /// The condition of the source that `check` throws for while it cannot be read.
    init(_ source: String, lastRead: Int64?, check: () throws(SourceError) -> Void) {
        var failure: String?
        do throws(SourceError) {
            try check()
        } catch {
            failure = error.reason
        }
        self.init(source: source, failure: failure, lastRead: lastRead)
    }
}
