import Foundation

/// How much of a test that repeats itself is done, and by which dice.
enum Rounds {
    private static let environment = ProcessInfo.processInfo.environment

    /// Whether everything is (`make test-all`).
    static let areAll = environment["PYINDEX_TEST_ALL"] == "1"

    /// `few`, or `all` where everything is done; `$PYINDEX_TEST_ROUNDS` has the last word.
    static func count(_ few: Int, all: Int) -> Int {
        environment["PYINDEX_TEST_ROUNDS"].flatMap { Int($0) } ?? (areAll ? all : few)
    }

    /// Dice that fall alike for `$PYINDEX_TEST_SEED`; the seed is printed.
    static func dice(for test: String) -> Dice {
        let seed = environment["PYINDEX_TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...999_999)
        print("\(test): PYINDEX_TEST_SEED=\(seed)")
        return Dice(state: seed)
    }

    /// SplitMix64.
    struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var bits = state
            bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
            bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
            return bits ^ bits >> 31
        }
    }
}
