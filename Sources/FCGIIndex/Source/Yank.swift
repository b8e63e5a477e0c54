/// The mark of a file that stays for those who pinned it and that nobody else shall be given (PEP 592).
public struct Yank: Hashable, Sendable {
    /// Why, for people; `nil` or not empty.
    public let reason: String?

    /// An empty reason is none.
    public init(reason: String?) { self.reason = reason?.isEmpty == true ? nil : reason }
}
