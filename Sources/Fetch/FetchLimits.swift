/// How long a fetch may take and how much may come.
public struct FetchLimits: Hashable, Sendable {
    /// Until the connection stands, with TLS.
    public var connect: Duration
    /// How long less than ``slowest`` may come.
    public var stall: Duration
    /// Bytes a second.
    public var slowest: Int
    /// From the start to the last byte, with all redirects; `nil` has no limit but ``stall``.
    public var total: Duration?
    /// Bytes of the body, as it is sent and as it is decoded.
    public var bytes: Int64

    /// Limits of a page, as a rule.
    public init(
        connect: Duration = .seconds(5),
        stall: Duration = .seconds(10),
        slowest: Int = 128,
        total: Duration? = .seconds(30),
        bytes: Int64
    ) {
        self.connect = connect
        self.stall = stall
        self.slowest = slowest
        self.total = total
        self.bytes = bytes
    }
}
