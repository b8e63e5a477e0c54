public import Glibc

/// A system call that failed: which call, on what, and its `errno`.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name as its manual page has it, for example `"open"`.
    public let call: String
    /// The path or name it was applied to; `nil` where there is none.
    public let path: String?
    /// The value of `errno`, never `0`.
    public let code: Int32

    /// Records a failure of `call`. `code` defaults to the calling thread's `errno`.
    public init(_ call: String, path: String? = nil, code: Int32 = errno) {
        self.call = call
        self.path = path
        self.code = code
    }

    /// Whether the file, or a directory above it, does not exist (`ENOENT`, `ENOTDIR`).
    public var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

    /// One line: the path, the reason, and the call, such as `/srv/x: No such file or directory (open)`.
    public var description: String {
        let reason = String(cString: strerror(code))
        return path.map { "\($0): \(reason) (\(call))" } ?? "\(reason) (\(call))"
    }
}

/// Repeats `body` while it returns -1 with `EINTR`, and throws what else it fails with.
@discardableResult
func check<Result: FixedWidthInteger>(
    _ call: String,
    path: String? = nil,
    _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = errno
        if code != EINTR { throw SystemError(call, path: path, code: code) }
    }
}
