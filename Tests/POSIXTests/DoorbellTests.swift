import POSIX
import Testing

@Suite("Doorbell")
struct DoorbellTests {
    @Test("it wakes also who comes later, once, and nobody without being rung")
    func rings() throws {
        let bell = try Doorbell()
        bell.ring()
        bell.ring()
        bell.wait(nil)
        let started = ContinuousClock.now
        bell.wait(.milliseconds(50))
        #expect(ContinuousClock.now - started >= .milliseconds(50))
        for _ in 0..<100_000 { bell.ring() }  // more than a pipe holds
        bell.wait(nil)
    }

    @Test("another thread is woken")
    func wakes() throws {
        let bell = try Doorbell()
        let thread = try Thread(named: "test") { bell.wait(nil) }
        bell.ring()
        thread.join()
    }
}
