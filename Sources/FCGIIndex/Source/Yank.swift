/// The mark of a file that stays for those who pinned it and that nobody else shall be given (PEP 592).
public struct Yank: Hashable, Sendable, CustomStringConvertible {
    /// Why, for people; `nil` or not empty.
    public let reason: String?

    /// An empty reason is none.
    public init(reason: String?) { self.reason = reason?.isEmpty == true ? nil : reason }

    /// As it is written in messages, such as `yanked: Broken on Python 3.13.`
    public var description: String { reason.map { "yanked: \($0)" } ?? "yanked" }
}
