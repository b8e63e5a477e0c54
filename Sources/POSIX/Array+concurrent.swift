internal import Synchronization

extension Array where Element: Sendable {
    /// Makes an array of what `make` returns for each number below `count`, side by side on all processors. Blocks until
    /// all are made.
    ///
    /// Dispatch has this too, but waits for a thread where the system has none to give.
    ///
    /// - Parameters:
    ///   - length: elements that a thread makes one after another, from 1; where there are no more, no thread is started.
    ///   - make: called by several threads at once, once for each number, in any order.
    public init(concurrently count: Int, inRunsOf length: Int = 1, _ make: @Sendable (Int) -> Element) {
        let runs = (count + length - 1) / length
        self.init(unsafeUninitializedCapacity: count) { elements, initialized in
            // Each element is written once, by one thread.
            nonisolated(unsafe) let start = elements.baseAddress
            let begun = Atomic(0)
            withoutActuallyEscaping(make) { make in
                let work: @Sendable () -> Void = {
                    while let start {
                        let first = begun.add(length, ordering: .relaxed).oldValue
                        if first >= count { return }
                        for number in first..<Swift.min(first + length, count) {
                            (start + number).initialize(to: make(number))
                        }
                    }
                }
                // What no thread can be had for, the others do.
                let others = (1..<Swift.max(1, Swift.min(runs, Processors.online))).compactMap { number in
                    try? Thread(named: "part-\(number)", work)
                }
                work()
                others.forEach { $0.join() }
            }
            initialized = count
        }
    }
}
