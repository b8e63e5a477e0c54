import POSIX
import Testing

@testable import FCGIIndex

@Suite("Places to wait, where a request is a process")
struct WaitingPlacesTests {
    @Test("half of the processes may wait, and one at least", arguments: [("16", 8), ("5", 2), ("1", 1)])
    func count(processes: String, places: Int) throws {
        let root = "/tmp/pyindex-places-\(Temporary.suffix())"
        defer { try? Directory.remove(root) }
        let some = try #require(WaitingPlaces(directory: root, environment: ["PYINDEX_PROCESSES": processes]))
        var held: [FileLock.Held] = []
        while let place = try some.take() { held.append(place) }
        #expect(held.count == places)
        held.removeLast()
        #expect(try some.take() != nil, "a place that was left is free")
    }

    @Test("a process that answers many requests needs none", arguments: [[:], ["PYINDEX_PROCESSES": "many"]])
    func none(environment: [String: String]) {
        #expect(WaitingPlaces(directory: "/nowhere", environment: environment) == nil)
    }

    @Test("what a client sends does not reach a build of a CGI process")
    func environment() {
        let kept = SingleRequest.environment(without: [
            "PATH": "/bin", "HOME": "/home/x", "HTTP_PROXY": "http://evil.example", "QUERY_STRING": "a",
            "GATEWAY_INTERFACE": "CGI/1.1", "PYINDEX_CONFIG": "/c", "REDIRECT_PATH": "/x",
            "UV_CACHE_DIR": "/u",
        ])
        #expect(kept == ["PATH": "/bin", "HOME": "/home/x", "PYINDEX_CONFIG": "/c", "UV_CACHE_DIR": "/u"])
    }
}
