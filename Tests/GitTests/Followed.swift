import Git

/// The tags as someone knows them who only ever applies changes.
final class Followed {
    private let reader: TagReader
    private var known: [String: String]

    init(_ reader: TagReader, _ known: [String: String] = [:]) {
        self.reader = reader
        self.known = known
    }

    func tags() throws -> [String: String] {
        switch try reader.changes() {
        case .none: break
        case .some(let changed):
            for (name, tag) in changed { known[name] = tag?.target.description }
        case .all(let tags):
            known = Dictionary(tags.map { ($0.name, $0.target.description) }) { first, _ in first }
        }
        return known
    }
}

/// The same numbers in each run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
