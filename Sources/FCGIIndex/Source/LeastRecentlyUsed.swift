/// A dictionary with a budget: past it, what was asked for longest ago goes.
struct LeastRecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    struct Entry: Sendable {
        let value: Value
        let weight: Int
        /// The value was right once; it may still serve to make the next one.
        var isStale = false
        fileprivate var used: UInt64
    }

    private var entries: [Key: Entry] = [:]
    private let limit: Int
    private(set) var weight = 0
    private var clock: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }

    /// The entry of `key`, which counts as used now.
    subscript(key: Key) -> Entry? {
        mutating get {
            clock += 1
            guard let index = entries.index(forKey: key) else { return nil }
            entries.values[index].used = clock
            return entries.values[index]
        }
    }

    mutating func insert(_ value: Value, for key: Key, weight: Int) {
        remove(key)
        clock += 1
        entries[key] = Entry(value: value, weight: weight, used: clock)
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
        for (key, entry) in entries.sorted(by: { $0.value.used < $1.value.used }) {
            if weight <= limit * 3 / 4 || entries.count == 1 { return }
            entries[key] = nil
            weight -= entry.weight
        }
    }
}
