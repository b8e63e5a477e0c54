internal import Synchronization

/// Remembers what was made of the texts that came lately, where they are a few that come again and again and parsing
/// them costs: of requests a quarter of answering.
final class Memo<Value: Sendable>: Sendable {
    /// Texts kept; past it all are forgotten.
    private let limit: Int
    /// A longer text is not kept, in bytes.
    private let longest: Int
    private let values = Mutex<[String: Value]>([:])

    init(limit: Int, longest: Int) {
        self.limit = limit
        self.longest = longest
    }

    /// What `make` makes of `text`, now or earlier; kept where `isWorthKeeping`.
    func value(
        for text: String,
        isWorthKeeping: (Value) -> Bool = { _ in true },
        _ make: (String) -> Value
    ) -> Value {
        // Waiting for another thread would cost more than making it.
        if let known = values.withLockIfAvailable({ $0[text] }) ?? nil { return known }
        let value = make(text)
        guard text.utf8.count <= longest, isWorthKeeping(value) else { return value }
        _ = values.withLockIfAvailable { values in
            if values.count >= limit { values.removeAll(keepingCapacity: true) }
            values[text] = value
        }
        return value
    }
}
