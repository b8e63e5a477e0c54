import Testing

@testable import FCGIIndex

@Suite("Configuration errors of groups and filters")
struct PolicyErrorTests {
    private func expect(_ text: String, _ lines: [String]) {
        do throws(ConfigurationError) {
            _ = try configuration(text)
            Issue.record("no error: \(text)")
        } catch {
            let found = error.description.replacing("/etc/pyindex/config.toml", with: "FILE")
            #expect(found == lines.joined(separator: "\n"))
        }
    }

    private static func folders(_ names: String...) -> String {
        names.map { "[[source]]\nname = \"\($0)\"\ntype = \"directory\"\npath = \"/\($0)\"\n" }.joined()
    }

    private static let fallback =
        "[[source]]\nname = \"up\"\ntype = \"simple\"\nurl = \"https://index.example/\"\n"

    @Test(
        "Groups",
        arguments: [
            Refusal(
                folders("a", "b") + "[[group]]\nname = \"a\"\nmembers = [\"b\"]\n",
                "FILE:10: group[0].name: the name \"a\" is taken by a source; names must differ."
            ),
            Refusal(
                folders("one") + "[[group]]\nname = \"g\"\nmembers = [\"onne\"]\n",
                "FILE:7: group[0].members[0]: no source has the name \"onne\"; did you mean \"one\"?"
            ),
            Refusal(
                folders("a", "b", "c") + "[[group]]\nname = \"g\"\nmembers = [\"a\", \"c\"]\n",
                "FILE:15: group[0].members: must name sources that stand one after another, in the order in which they "
                    + "stand in the file: it is also the order in which they are asked."
            ),
            Refusal(
                folders("a", "b")
                    + "[[group]]\nname = \"g\"\nmembers = [\"a\"]\n[[group]]\nname = \"h\"\nmembers = [\"a\"]\n",
                "FILE:14: group[1].members[0]: \"a\" is in the group \"g\" already; a source is in one group."
            ),
            Refusal(
                folders("a") + "[[group]]\nname = \"g\"\nmembers = [\"a\"]\nshared = [\"x\"]\n",
                "FILE:8: group[0].shared: means nothing without merge = true."
            ),
            Refusal(
                folders("a") + fallback
                    + "[[group]]\nname = \"g\"\nmembers = [\"a\", \"up\"]\nmerge = true\n",
                "FILE:11: group[0].members: the source \"up\" cannot be merged: with mode = \"fallback\" clients are sent to "
                    + "its pages. Give it mode = \"redirect\", \"proxy\" or \"cache\"."
            ),
            Refusal(
                folders("a") + "[[group]]\nname = \"g\"\nmembers = [\"a\"]\n[[group.alow]]\n",
                "FILE:8: group[0].alow: unknown key; did you mean \"allow\"?"
            ),
        ]
    )
    func groups(_ refusal: Refusal) { expect(refusal.text, refusal.lines) }

    @Test(
        "Filters and ages",
        arguments: [
            Refusal(
                folders("a") + "[[source.deny]]\n",
                "FILE:5: source[0].deny[0]: means every file; write at least one of projects, versions, types, files."
            ),
            Refusal(
                folders("a") + "[[source.deny]]\ntypes = [\"zip\"]\n",
                "FILE:6: source[0].deny[0].types: expected an array of \"wheel\", \"sdist\" and \"egg\", found \"zip\"."
            ),
            Refusal(
                folders("a") + "[[source.deny]]\nversion = \"<1\"\n",
                "FILE:6: source[0].deny[0].version: unknown key; did you mean \"versions\"?"
            ),
            Refusal(
                folders("a") + "minimum-age-since = \"first-seen\"\n",
                "FILE:5: source[0].minimum-age-since: means nothing without minimum-age."
            ),
            Refusal(
                fallback + "minimum-age = 7\n",
                "FILE:1: source[0].mode: with mode = \"fallback\" only whole projects can be allowed or denied, since "
                    + "clients are sent to another index's pages; write mode = \"redirect\", \"proxy\" or \"cache\"."
            ),
            Refusal(
                folders("a") + "[source.deny]\nfiles = [\"x\"]\n",
                "FILE:5: source[0].deny: expected tables [[source.deny]], found a table; write the header with two "
                    + "brackets: [[source.deny]]."
            ),
        ]
    )
    func filters(_ refusal: Refusal) { expect(refusal.text, refusal.lines) }

    @Test("One that is asked for some names only may stand above others")
    func fallbackForSome() throws {
        let rule = "[[source.allow]]\nprojects = [\"torch*\"]\n"
        let read = try configuration(Self.fallback + rule + Self.folders("a"))
        #expect(read.policies["up"]?.filter.allow.count == 1)
    }
}
