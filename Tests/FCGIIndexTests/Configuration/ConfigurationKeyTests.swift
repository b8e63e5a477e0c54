import Testing

@testable import FCGIIndex

@Suite("Table of configuration keys")
struct ConfigurationKeyTests {
    @Test("Every default and every example is a value its key takes", arguments: ConfigurationKey.all)
    func valid(key: ConfigurationKey) {
        if let standard = key.standard { #expect(key.kind.accepts(standard)) }
        #expect(key.kind.accepts(key.sample))
        #expect(key.example.hasPrefix("\(key.name) = "))
        #expect(!(key.isRequired && key.standard != nil))
    }

    @Test("Every sentence is one sentence", arguments: ConfigurationKey.all)
    func sentences(key: ConfigurationKey) {
        #expect(key.sentence.hasSuffix("."))
        #expect(!key.sentence.dropLast().contains(". "))
        #expect(!key.sentence.contains("\n"))
    }

    @Test("No table has a key twice")
    func unique() {
        #expect(
            Set(ConfigurationKey.all.map { "\($0.table) \($0.name)" }).count == ConfigurationKey.all.count
        )
        for table in [ConfigurationKey.Table.gitSource, .directorySource, .simpleSource] {
            let source = [.source, table].flatMap { ConfigurationKey.keys(of: $0) }.map(\.name)
            #expect(Set(source).count == source.count)
        }
    }

    @Test(
        "Near words are suggested and far ones are not",
        arguments: [
            ("theads", "threads"), ("extra_checkout_paths", "extra-checkout-paths"), ("Listen", "listen"),
            ("statr", "state"), ("nmae", "name"), ("x", nil), ("completely-different", nil), ("", nil),
        ]
    )
    func suggestions(written: String, expected: String?) {
        #expect(Suggestion.nearest(to: written, among: ConfigurationKey.all.map(\.name)) == expected)
    }

    @Test(
        "Edits are counted",
        arguments: [
            ("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 1),
            ("same", "same", 0),
        ]
    )
    func distance(left: String, right: String, expected: Int) {
        #expect(Suggestion.distance(left, right) == expected)
    }

    @Test(
        "Command lines are split as a shell would, or not at all",
        arguments: [
            ("make build", ["make", "build"]),
            ("  make\tbuild ", ["make", "build"]),
            ("uv build --sdist -o 'a b'", ["uv", "build", "--sdist", "-o", "a b"]),
            (#"x "a \"b\" \n" c\ d"#, ["x", #"a "b" \n"#, "c d"]),
            ("x ''", ["x", ""]),
            ("x --out=dist a#b a~", ["x", "--out=dist", "a#b", "a~"]),
            ("", []),
            ("make && ls", nil), ("a; b", nil), ("a | b", nil), ("a > b", nil), ("echo $HOME", nil),
            ("a `b`", nil),
            ("a \"$b\"", nil), ("rm *", nil), ("ls ?", nil), ("ls [a]", nil), ("cd ~", nil),
            ("A=1 make", nil),
            ("# x", nil), ("(a)", nil), ("a 'b", nil), ("a \"b", nil), ("a \\", nil), ("a {b,c}", nil),
            ("a\nb", nil),
        ] as [(String, [String]?)]
    )
    func words(line: String, expected: [String]?) {
        #expect(ShellWords.split(line) == expected)
    }
}
