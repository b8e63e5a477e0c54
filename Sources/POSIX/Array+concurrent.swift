internal import Dispatch

extension Array where Element: Sendable {
    /// Makes an array of what `make` returns for each number below `count`, side by side on as many processors as are
    /// free. Blocks until all are made.
    ///
    /// - Parameter make: called by several threads at once, once for each number, in any order.
    public init(concurrently count: Int, _ make: @Sendable (Int) -> Element) {
        if count <= 1 {
            self = (0..<count).map(make)
            return
        }
        self.init(unsafeUninitializedCapacity: count) { elements, initialized in
            // Each element is written once, by one thread.
            nonisolated(unsafe) let start = elements.baseAddress!
            DispatchQueue.concurrentPerform(iterations: count) { number in
                (start + number).initialize(to: make(number))
            }
            initialized = count
        }
    }
}
