internal import POSIX

/// What makes a URL of `/-/echo/` answer: a number that nobody guesses.
public struct EchoToken: Hashable, Sendable, CustomStringConvertible {
    /// 32 hexadecimal digits.
    public let description: String

    /// A new one, from the system's random numbers.
    init() { description = Temporary.suffix() + Temporary.suffix() }

    /// Takes exactly 32 lower-case hexadecimal digits.
    init?(_ text: some StringProtocol) {
        let isHexadecimal = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard text.utf8.count == 32, isHexadecimal else { return nil }
        description = String(text)
    }
}
