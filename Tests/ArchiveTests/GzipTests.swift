internal import Archive
internal import POSIX
internal import Testing

@Suite("Gzip in memory")
struct GzipTests {
    @Test("gzip gives back what was compressed", arguments: [0, 1, 1_000, 100_000, 3_000_000])
    func roundTrip(count: Int) throws {
        let workbench = try Workbench()
        var state: UInt64 = 7
        let noise: [UInt8] = (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            // Text that compresses well, and then noise that does not.
            return index < count / 2 ? UInt8(index % 7) : UInt8(truncatingIfNeeded: state >> 56)
        }
        let compressed = try #require(Gzip.compress(noise))
        let file = try workbench.put(compressed, as: "body.gz")
        let program = """
            import gzip, sys
            body = gzip.open(sys.argv[1]).read()
            open(sys.argv[1], "wb").write(body)
            """
        _ = try workbench.python(program, file)
        #expect(try File.read(file) == noise)
        #expect(Gzip.compress(noise) == compressed)
    }
}
