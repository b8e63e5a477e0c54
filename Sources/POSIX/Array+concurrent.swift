internal import Glibc
internal import Synchronization

extension Array where Element: Sendable {
    /// Makes an array of what `make` returns for each number below `count`, side by side on all processors. Blocks until
    /// all are made.
    ///
    /// Dispatch has this too, but waits for a thread where the system has none to give.
    ///
    /// - Parameter make: called by several threads at once, once for each number, in any order.
    public init(concurrently count: Int, _ make: @Sendable (Int) -> Element) {
        let processors = count > 1 ? sysconf(Int32(_SC_NPROCESSORS_ONLN)) : 1
        self.init(unsafeUninitializedCapacity: count) { elements, initialized in
            // Each element is written once, by one thread.
            nonisolated(unsafe) let start = elements.baseAddress
            let begun = Atomic(0)
            withoutActuallyEscaping(make) { make in
                let work: @Sendable () -> Void = {
                    while let start {
                        let number = begun.add(1, ordering: .relaxed).oldValue
                        if number >= count { return }
                        (start + number).initialize(to: make(number))
                    }
                }
                // What no thread can be had for, the others do.
                let others = (1..<Swift.max(1, Swift.min(count, processors))).compactMap { number in
                    try? Thread(named: "part-\(number)", work)
                }
                work()
                others.forEach { $0.join() }
            }
            initialized = count
        }
    }
}
