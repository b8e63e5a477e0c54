internal import Testing

@testable internal import POSIX

@Suite("arrays that several threads make")
struct ConcurrentArrayTests {
    @Test(
        "each element is made once and has its place",
        arguments: [0, 1, 2, 999, 1000, 1001, 5003],
        [1, 2, 1000]
    )
    func places(count: Int, length: Int) {
        #expect([String](concurrently: count, inRunsOf: length) { "\($0)" } == (0..<count).map { "\($0)" })
    }
}
