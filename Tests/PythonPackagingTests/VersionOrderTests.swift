import PythonPackaging
import Testing

@Suite("Order of versions")
struct VersionOrderTests {
    /// From the least to the greatest.
    private static let ascending = [
        "0.dev0", "0a0.dev0", "0", "0.0.0.0.1", "0.1", "1.dev0", "1.0.dev456", "1.0.dev536870911",
        "1.0.dev536870912",
        "1.0.dev20240311123059", "1.0a1.dev1", "1.0a1", "1.0a1.post0.dev1", "1.0a1.post0", "1.0a2.dev456",
        "1.0a2", "1.0a12.dev456",
        "1.0a12", "1.0a536870910", "1.0a536870911", "1.0a536870911.post1", "1.0a536870912", "1.0b1.dev456",
        "1.0b2",
        "1.0b2.post345.dev456", "1.0b2.post345", "1.0b2-346", "1.0c1.dev456", "1.0c1", "1.0rc2", "1.0c3",
        "1.0", "1.0+abc", "1.0+abc.5",
        "1.0+abc.7", "1.0+abd", "1.0+5", "1.0+5.a", "1.0+5.0", "1.0+10", "1.0+18446744073709551616",
        "1.0.post0.dev0", "1.0.post0",
        "1.0.post456.dev34", "1.0.post456.dev35+x", "1.0.post456", "1.0.post456+x", "1.0.post536870912",
        "1.0.0.0.0.1.dev0", "1.0.0.0.0.1",
        "1.0.0.0.1.dev0", "1.0.0.0.1", "1.0.0.0.2", "1.0.0.1.dev0", "1.0.0.1", "1.0.0.33554430",
        "1.0.0.33554431", "1.0.0.33554431.1",
        "1.0.0.33554432", "1.0.1", "1.0.33554432.dev0", "1.0.33554432", "1.1.dev1", "1.1", "1.1048575",
        "1.1048575.1", "1.1048576",
        "2", "10", "2024.1", "20240311", "33554431.dev0", "33554431", "33554432", "18446744073709551615",
        "18446744073709551616",
        "1!0.dev0", "1!0", "1!1.0", "2!0", "10!0", "18446744073709551616!0",
    ]

    @Test("Any two versions compare as PEP 440 orders them")
    func total() throws {
        let versions = try Self.ascending.map { try #require(Version($0), "\($0)") }
        for (place, left) in versions.enumerated() {
            for (other, right) in versions.enumerated() {
                #expect((left < right) == (place < other), "\(left) < \(right)")
                #expect((left == right) == (place == other), "\(left) == \(right)")
            }
        }
    }

    @Test("Sorting brings any order back")
    func sorting() throws {
        let versions = try Self.ascending.map { try #require(Version($0)) }
        #expect(versions.shuffled().sorted() == versions)
    }

    @Test(
        "Spellings of one version are equal, and hash alike",
        arguments: [
            ("1.0", "1"), ("1.0", "1.0.0.0.0.0"), ("1.0a1", "v1.0.0-ALPHA.1"), ("1.0-1", "1.0.post1"),
            ("0!1", "1"), ("1!1", "1!1.0.0"),
            ("1.0+a.01", "1.0.0+A-1"), ("0", "0.0.0"), ("1.0.dev0", "1.0dev"), ("1.0.0.0.1", "1.0.0.0.1.0"),
            ("99999999999999999999", "0099999999999999999999.0"), ("1.0a1.dev02", "1a1.dev2"),
        ]
    )
    func equality(_ left: String, _ right: String) throws {
        let (left, right) = (try #require(Version(left)), try #require(Version(right)))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(!(left < right) && !(right < left))
    }

    @Test("Local versions of one release spread over the buckets of a set")
    func hashes() throws {
        let versions = try (0..<1000).map { try #require(Version("1.0+build.\($0)")) }
        #expect(Set(versions.map(\.hashValue)).count > 990)
    }
}
