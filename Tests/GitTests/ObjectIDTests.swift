import Git
import Testing

@Suite("Object names")
struct ObjectIDTests {
    @Test(
        "Forty hexadecimal digits are read, and written in lower case",
        arguments: [
            "0123456789abcdef0123456789abcdef01234567",
            "FFFFFFFFFFFFFFFF000000000000000080000001",
            "0000000000000000000000000000000000000000",
        ]
    )
    func reads(_ text: String) throws {
        #expect(try #require(ObjectID(hex: text)).description == text.lowercased())
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "0123", "0123456789abcdef0123456789abcdef0123456",
            "0123456789abcdef0123456789abcdef012345678",
            "g123456789abcdef0123456789abcdef01234567", " 123456789abcdef0123456789abcdef01234567",
            "+123456789abcdef0123456789abcdef01234567", "０123456789abcdef0123456789abcdef01234",
        ]
    )
    func refuses(_ text: String) {
        #expect(ObjectID(hex: text) == nil)
    }

    @Test("The order is that of the digits")
    func order() throws {
        let zeros = String(repeating: "0", count: 39)
        let names = [
            "\(zeros)1", "\(zeros)2", "0000000000000000f\(zeros.prefix(23))", "1\(zeros)", "f\(zeros)",
        ]
        let ids = try names.map { try #require(ObjectID(hex: $0)) }
        #expect(ids.reversed().sorted() == ids)
        #expect(Set(ids).count == ids.count)
    }
}
