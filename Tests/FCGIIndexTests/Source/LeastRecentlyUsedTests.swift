import Testing

@testable import FCGIIndex

@Suite("Least recently used")
struct LeastRecentlyUsedTests {
    @Test("past the budget what was asked for longest ago goes")
    func eviction() {
        var cache = LeastRecentlyUsed<Int, String>(limit: 10)
        for key in 0..<10 { cache.insert("\(key)", for: key, weight: 1) }
        #expect(cache[0]?.value == "0")  // used again
        cache.insert("10", for: 10, weight: 1)
        #expect(cache[0] != nil)
        #expect(cache[10] != nil)
        #expect(cache[1] == nil)
        #expect(cache.weight <= 10)
    }

    @Test("one value larger than the budget is kept alone")
    func large() {
        var cache = LeastRecentlyUsed<Int, String>(limit: 10)
        cache.insert("small", for: 1, weight: 1)
        cache.insert("large", for: 2, weight: 100)
        #expect(cache[2]?.value == "large")
        #expect(cache.count == 1)
    }

    @Test("replacing and removing keep the weight right")
    func weight() {
        var cache = LeastRecentlyUsed<Int, String>(limit: 10)
        cache.insert("a", for: 1, weight: 3)
        cache.insert("b", for: 1, weight: 4)
        #expect(cache.weight == 4)
        cache.remove(1)
        #expect(cache.weight == 0)
    }

    @Test("stale entries stay, marked")
    func stale() {
        var cache = LeastRecentlyUsed<Int, String>(limit: 10)
        cache.insert("a", for: 1, weight: 1)
        cache.markAllStale()
        #expect(cache[1]?.isStale == true)
        cache.insert("b", for: 1, weight: 1)
        #expect(cache[1]?.isStale == false)
    }
}
