/// One combination of interpreter, ABI and platform that a wheel works with (PEP 425):
/// `cp312-abi3-win_amd64`.
public struct CompatibilityTag: Hashable, Sendable, CustomStringConvertible {
    /// Such as `py3` or `cp312`, in lower case.
    public let python: String
    /// Such as `none` or `abi3`, in lower case.
    public let abi: String
    /// Such as `any` or `win_amd64`, in lower case.
    public let platform: String

    /// A tag of three parts, which are lowered.
    public init(python: String, abi: String, platform: String) {
        self.python = python.lowercased()
        self.abi = abi.lowercased()
        self.platform = platform.lowercased()
    }

    /// The parts with hyphens between them.
    public var description: String { "\(python)-\(abi)-\(platform)" }
}
