internal import Fetch
internal import Fixtures
internal import Testing

@testable internal import FCGIIndex

@Suite("Circuit")
struct CircuitTests {
    @Test("many who were let in together and fail together leave a server alone for no longer than a few")
    func together() throws {
        let circuit = Circuit()
        for _ in 0..<50 { #expect(circuit.admits()) }
        for _ in 0..<50 { circuit.fail(.unreachable("Nobody listens.")) }
        #expect(!circuit.admits())
        #expect(try #require(circuit.rest) <= 5)
    }

    @Test("what a server asks for counts while it is left alone, where that is longer")
    func longer() throws {
        let circuit = Circuit()
        circuit.fail(.limited(status: 429, retryAfter: 100))
        for _ in 0..<50 { circuit.fail(.unreachable("Nobody listens.")) }
        circuit.fail(.limited(status: 429, retryAfter: 1))
        #expect((90...100).contains(try #require(circuit.rest)))
        circuit.fail(.limited(status: 429, retryAfter: 200))
        #expect((190...200).contains(try #require(circuit.rest)))
    }

    @Test("each trial that fails doubles the while")
    func doubled() throws {
        let circuit = Circuit()
        for _ in 0..<Circuit.threshold { circuit.fail(.unreachable("Nobody listens.")) }
        #expect(try #require(circuit.rest) <= 5)
        #expect(eventually { circuit.admits() })
        #expect(!circuit.admits())
        circuit.fail(.unreachable("Nobody listens."))
        #expect((8...10).contains(try #require(circuit.rest)))
    }
}
