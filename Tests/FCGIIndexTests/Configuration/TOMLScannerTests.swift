import Testing

@testable import FCGIIndex

@Suite("Lines of TOML keys")
struct TOMLScannerTests {
    private static let document = #"""
        # a = 1 in a comment          line 1
        a = "x # y = 2 ["             # b = 3
        "quoted key" = 1
        'b' . c.d = [ # [[s]]         line 4
          1, [ 2,
            3 ], { x = 1, "y z" = "}" },
        ]
        long = """
        [table]
        z = "\
          """
        literal = '''
        e = 1
        it''s '''''                  # two quotes end the text
        float = -1.5e-3
        [t]                          # line 16
        f = { g = { h = [ "\"]" ] }, i = 1 }
          [[s]]
        n = 1
        [s.sub]
        o = 1
        [[s.inner]]
        p = 1
        [[ s . "inner" ]]            # line 24
        p = 1
        [[s]]
        n = 1
        [[s.inner]]
        p = 1
        """#

    @Test(
        "Each key has the line it stands on",
        arguments: [
            ("a", 2), ("\"quoted key\"", 3), ("b", 4), ("b.c", 4), ("b.c.d", 4), ("b.c.d[0]", 5),
            ("b.c.d[1]", 5),
            ("b.c.d[1][0]", 5), ("b.c.d[1][1]", 6), ("b.c.d[2]", 6), ("b.c.d[2].\"y z\"", 6), ("long", 8),
            ("literal", 12), ("float", 15), ("t", 16), ("t.f", 17), ("t.f.g.h[0]", 17), ("t.f.i", 17),
            ("s", 18),
            ("s[0]", 18), ("s[0].n", 19), ("s[0].sub", 20), ("s[0].sub.o", 21), ("s[0].inner[0]", 22),
            ("s[0].inner[0].p", 23), ("s[0].inner[1]", 24), ("s[0].inner[1].p", 25), ("s[1]", 26),
            ("s[1].n", 27),
            ("s[1].inner[0]", 28), ("s[1].inner[0].p", 29),
        ]
    )
    func lines(path: String, line: Int) throws {
        let lines = Dictionary(
            uniqueKeysWithValues: TOMLScanner(Self.document).lines.map { ("\($0.key)", $0.value) }
        )
        #expect(lines[path] == line)
    }

    @Test("Nothing but keys is found, and the parser finds the same")
    func complete() throws {
        let scanned = Set(TOMLScanner(Self.document).lines.keys.map(\.description))
        let root = try TOMLDocument(Array(Self.document.utf8), file: "x").root
        #expect(scanned == Set(Self.paths(.table(root), at: .root)))
    }

    private static func paths(_ node: TOMLNode, at path: TOMLPath) -> [String] {
        let own = path == .root ? [] : [path.description]
        switch node {
        case .table(let values): return own + values.flatMap { paths($0.value, at: path.appending($0.key)) }
        case .array(let elements):
            return own + elements.enumerated().flatMap { paths($0.element, at: path.appending($0.offset)) }
        default: return own
        }
    }

    @Test("A key that is absent has the line of its table")
    func absent() throws {
        let document = try TOMLDocument(Array(Self.document.utf8), file: "x")
        let element = TOMLPath.root.appending("s").appending(1)
        #expect(document.line(of: element.appending("nowhere").appending("deeper")) == 26)
        #expect(document.line(of: TOMLPath.root.appending("nowhere")) == 1)
    }

    @Test("Every beginning of a document is scanned to its end, valid or not")
    func beginnings() {
        let bytes = Array(Self.document.utf8)
        for end in bytes.indices {
            let text = String(decoding: bytes[..<end], as: UTF8.self)
            let last = text.utf8.count { $0 == 10 } + 1
            #expect(TOMLScanner(text).lines.values.allSatisfy { (1...last).contains($0) })
        }
    }

    @Test(
        "What is written as TOML is read as the same value",
        arguments: [
            TOMLNode.string("plain"), .string("a \"quote\""), .string("back\\slash"), .string("it's \\ both"),
            .string("line\nfeed\ttab\u{1}\u{7f}"), .string("ümlaut 🐍"), .string(""), .integer(-3),
            .float(0.1), .float(2.5),
            .boolean(true), .array([]), .strings(["a", "b"]),
            .table(["x y": .integer(1), "z": .array([.string("v"), .table([:])])]),
        ]
    )
    func roundTrip(node: TOMLNode) throws {
        let read = try TOMLDocument(Array("key = \(node.text)\n".utf8), file: "x").root
        #expect(read == ["key": node])
    }
}
