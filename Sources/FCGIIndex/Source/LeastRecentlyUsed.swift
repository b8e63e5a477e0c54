internal import Synchronization

/// A dictionary with a budget: past it, what was asked for longest ago goes.
///
/// Asking for an entry changes nothing but the mark of its last use, so any number of threads may ask at once while none
/// changes the dictionary.
struct LeastRecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    struct Entry: Sendable {
        let value: Value
        let weight: Int
        /// The value was right once; it may still serve to make the next one.
        var isStale = false
        fileprivate let use: LastUse
    }

    private var entries: [Key: Entry] = [:]
    private let limit: Int
    private(set) var weight = 0
    /// Counts what was put in: between two of these all uses are of one time.
    private var clock: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }

    /// The entry of `key`, which counts as used now.
    subscript(key: Key) -> Entry? {
        let entry = entries[key]
        entry?.use.note(clock)
        return entry
    }

    mutating func insert(_ value: Value, for key: Key, weight: Int) {
        remove(key)
        clock += 1
        entries[key] = Entry(value: value, weight: weight, use: LastUse(clock))
        self.weight += weight
        if self.weight > limit { evict() }
    }

    mutating func remove(_ key: Key) {
        if let old = entries.removeValue(forKey: key) { weight -= old.weight }
    }

    mutating func removeAll() {
        entries.removeAll()
        weight = 0
    }

    mutating func markStale(_ key: Key) { entries[key]?.isStale = true }

    mutating func markAllStale() {
        for index in entries.values.indices { entries.values[index].isStale = true }
    }

    /// Down to three quarters at once, so that a full cache does not sort itself on each insertion.
    private mutating func evict() {
        for (key, entry) in entries.sorted(by: { $0.value.use.time < $1.value.use.time }) {
            if weight <= limit * 3 / 4 || entries.count == 1 { return }
            entries[key] = nil
            weight -= entry.weight
        }
    }
}

/// When something was used last.
private final class LastUse: Sendable {
    private let last: Atomic<UInt64>

    init(_ time: UInt64) { last = Atomic(time) }

    var time: UInt64 { last.load(ordering: .relaxed) }

    func note(_ time: UInt64) {
        // Writing what is there already would take it from the other processors.
        if self.time != time { last.store(time, ordering: .relaxed) }
    }
}
