internal import Glibc

/// Who takes an answer that is sent as it comes to be. Used by one thread at a time.
public protocol Client: Sendable {
    /// Sends the head of `response` and what it has of a body.
    func open(_ response: Response)
    /// Sends a piece of the body now; false once nobody takes it.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// Ends the answer.
    func end()
    /// Ends it so that nobody takes it for whole.
    func abandon()
    /// Whether this process ends with the answer, and with it what else it does.
    var endsProcess: Bool { get }
}

extension Request: Client {
    /// Sends a piece of the body now; false once nobody takes it.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Bool { put(bytes) }

    /// It answers others after this one.
    public var endsProcess: Bool { false }
}

/// The web server of a CGI program, at its standard output (RFC 3875 §6).
public struct StandardOutput: Client {
    /// Takes what is written.
    public init() {}

    /// Sends header lines, and what there is of a body.
    public func open(_ response: Response) { _ = response.write(to: 1) }

    /// Sends a piece of the body.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Bool { Response.write(bytes, to: 1) }

    /// The end of the process is that of the answer.
    public func end() {}

    /// What was announced and did not come is missed.
    public func abandon() {}

    /// One answer, one process.
    public var endsProcess: Bool { true }
}
