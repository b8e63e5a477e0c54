internal import Glibc

/// Signals taken by one thread in `sigwait`, blocked everywhere else.
public struct Signals: Sendable {
    /// The numbers of the signals.
    public let numbers: [Int32]

    /// Blocks `numbers` in this thread and in every thread it starts from now on.
    public init(blocking numbers: [Int32]) {
        self.numbers = numbers
        var set = Self.set(numbers)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Blocks until one of the signals arrives, and returns its number.
    public func next() -> Int32 {
        var set = Self.set(numbers)
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
        return number
    }

    private static func set(_ numbers: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        numbers.forEach { sigaddset(&set, $0) }
        return set
    }
}
