internal import Synchronization

/// Counters that many threads add to without waiting for each other.
final class CounterTable: @unchecked Sendable {  // atomic cells of its own
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>
    /// How many there are.
    let count: Int

    /// - Parameter count: of counters, all 0.
    init(_ count: Int) {
        self.count = count
        cells = .allocate(capacity: count)
        for index in 0..<count { (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: count)
        cells.deallocate()
    }

    /// Adds to a counter, which starts at 0 again past 2⁶⁴.
    func add(_ amount: UInt64 = 1, at index: Int) {
        precondition(index >= 0 && index < count)
        cells[index].wrappingAdd(amount, ordering: .relaxed)
    }

    /// The value of a counter.
    subscript(index: Int) -> UInt64 {
        precondition(index >= 0 && index < count)
        return cells[index].load(ordering: .relaxed)
    }
}
