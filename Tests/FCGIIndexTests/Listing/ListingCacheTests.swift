internal import Glibc
internal import POSIX
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Cache of listings")
struct ListingCacheTests {
    @Test(
        "Who waits for changes that another thread takes in says so before, and who does not wait says nothing"
    )
    func delay() throws {
        let cache = ListingCache(budget: 1 << 20)
        let (begun, release) = (Semaphore(0), Semaphore(0))
        let isTaken = Atomic(false)
        let other = try POSIX.Thread(named: "other") {
            cache.apply(hasNews: { true }) {
                begun.signal()
                release.wait()
                isTaken.store(true, ordering: .sequentiallyConsistent)
                return .none
            }
        }
        begun.wait()
        // Where nothing is said, this ends the wait.
        let late = try POSIX.Thread(named: "late") {
            usleep(1_000_000)
            release.signal()
        }
        var wasTaken: Bool?
        cache.apply(hasNews: { false }) {
            wasTaken = isTaken.load(ordering: .sequentiallyConsistent)
            release.signal()
        } changes: {
            .none
        }
        #expect(wasTaken == false)
        other.join()
        late.join()
        cache.apply(hasNews: { false }, onDelay: { Issue.record("There is nothing to wait for.") }) { .none }
    }
}
