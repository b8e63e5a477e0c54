import Testing

@testable import POSIX

@Suite("Reading and writing by turns")
struct ReadWriteLockTests {
    @Test("Many read at once; who changes the value is alone, and readers see it whole")
    func turns() throws {
        let lock = ReadWriteLock((left: 0, right: 0))
        let readers = try (0..<4).map { number in
            try Thread(named: "reader-\(number)") {
                while true {
                    let pair = lock.read { $0 }
                    if pair.left != pair.right { lock.write { $0.left = -1_000_000 } }
                    if pair.right >= 2000 || pair.left < 0 { return }
                }
            }
        }
        let writers = try (0..<2).map { number in
            try Thread(named: "writer-\(number)") {
                for _ in 0..<1000 {
                    lock.write { pair in
                        pair.left += 1
                        pair.right += 1
                    }
                }
            }
        }
        (readers + writers).forEach { $0.join() }
        let pair = lock.read { $0 }
        #expect(pair == (2000, 2000))
    }
}
