internal import Foundation
internal import Testing

@testable internal import FCGIIndex

@Suite("JSON where it lies")
struct JSONScannerTests {
    /// The strings of an array, or `nil` where it is no JSON.
    private static func strings(_ text: String) -> [String]? {
        Array(text.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            var strings: [String] = []
            do {
                try scanner.elements { value throws(JSONScanner.Fault) in
                    if let string = try value.string() { strings.append(string) }
                }
                try scanner.end()
            } catch { return nil }
            return strings
        }
    }

    @Test("whatever stands anywhere in a string reads as Foundation reads it")
    func anywhere() throws {
        let specials = [
            "\\\"", "\\\\", "\\n", "\\u00e9", "\n", "\u{1f}", "\u{7f}", " ", "\u{80}", "é", "𝄞", "#", "[",
        ]
        for special in specials {
            for length in 0..<20 {
                for place in 0...length {
                    let plain = String(repeating: "a", count: length)
                    let text = "[\"\(plain.prefix(place))\(special)\(plain.dropFirst(place))\", \"b\"]"
                    let known = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String]
                    #expect(Self.strings(text) == known, "\(text.debugDescription)")
                }
            }
        }
    }

    @Test("a string that does not end is none, wherever it breaks off")
    func endless() {
        for length in 0..<20 {
            let plain = String(repeating: "a", count: length)
            for end in ["", "\\", "\\\""] { #expect(Self.strings("[\"\(plain)\(end)") == nil) }
        }
    }

    @Test("the parts of an array are its elements, in their order", arguments: [0, 1, 2, 3, 4, 6, 7, 100])
    func parts(count: Int) throws {
        let elements = (0..<count).map { "{\"number\": \($0), \"not\": [\"],\", {}]}" }
        let text = " [ \(elements.joined(separator: " , ")) ] , 7"
        try Array(text.utf8).withUnsafeBytes { bytes throws in
            var scanner = JSONScanner(bytes)
            let parts = try #require(try scanner.parts(of: 3))
            #expect(parts.map(\.count) == stride(from: 0, to: count, by: 3).map { min(3, count - $0) })
            var numbers: [Int64?] = []
            for part in parts {
                try part.elements { value throws(JSONScanner.Fault) in
                    try value.members { name, value throws(JSONScanner.Fault) in
                        if name == "number" { numbers.append(try value.integer()) } else { try value.skip() }
                    }
                }
            }
            #expect(numbers == (0..<count).map { Int64($0) })
            #expect(try scanner.next() == UInt8(ascii: ","))
        }
    }

    @Test(
        "what is broken inside an element is found by who reads it",
        arguments: [
            #"[{"a": [}}]"#, #"[{"a": 1]]"#, #"[{"a" 1}]"#, "[{,}]", "[[1}]", "[{]]", #"[{"a": 1}}]"#,
        ]
    )
    func brokenElements(text: String) {
        #expect(throws: JSONScanner.Fault.self) {
            try Array(text.utf8).withUnsafeBytes { bytes throws in
                var scanner = JSONScanner(bytes)
                for part in try #require(try scanner.parts(of: 1)) {
                    try part.elements { value throws(JSONScanner.Fault) in try value.skip() }
                }
                try scanner.end()
            }
        }
    }

    @Test("elements are not cut by brackets in their strings")
    func brackets() throws {
        try Array(#"[{"a": "}]\"}]"}, ["{"], "]", 1, true]"#.utf8).withUnsafeBytes { bytes throws in
            var scanner = JSONScanner(bytes)
            #expect(try scanner.parts(of: 2)?.map(\.count) == [2, 2, 1])
            try scanner.end()
        }
    }

    @Test("what is no array has no parts, and what is broken is told")
    func noParts() throws {
        try Array("{\"a\": 1} 2".utf8).withUnsafeBytes { bytes throws in
            var scanner = JSONScanner(bytes)
            #expect(try scanner.parts(of: 3) == nil)
            #expect(try scanner.integer() == 2)
        }
        for text in ["[1, 2", "[1 2]", "[1,]", "[\"]"] {
            try Array(text.utf8).withUnsafeBytes { bytes throws in
                var scanner = JSONScanner(bytes)
                #expect(throws: JSONScanner.Fault.self) { try scanner.parts(of: 3) }
            }
        }
    }
}
