import Testing

@testable import FCGIIndex

@Suite("TOML value finder")
struct TOMLValueFinderTests {
    @Test("the one value is found wherever TOML allows it to stand")
    func found() {
        let documents = [
            "[project]\nname = \"x\"\nrequires-python = \">=3.8\"\n",
            "[project]\nrequires-python='>=3.8'",
            "project.requires-python = \">=3.8\"\n",
            "project = { name = \"x\", requires-python = \">=3.8\" }\n",
            "# [project]\n[ project ] # here\n\"requires-python\" = \">=3.8\" # there\n",
            "[build-system]\nrequires = [\n  \"a # no comment\", # comment ]\n  'b]',\n]\n[project]\nrequires-python = \">=3.8\"",
            "[tool]\ntext = \"\"\"\n[project]\nrequires-python = \"<3\"\n\"\"\"\n[project]\nrequires-python = \">=3.8\"",
            "[tool]\ntext = '''\n[project]'''\nq = \"\\\"[project]\"\n[project]\nrequires-python = \">=3.8\"",
            "a = 1\nb = [[1, 2], { c = [3] }]\nd = 2024-01-01T00:00:00Z\n[project]\r\nrequires-python = \">=3.8\"\r\n",
            "[project]\nrequires-python = \"\"\">=3.8\"\"\"",
        ]
        for document in documents {
            #expect(
                TOMLValueFinder.string(at: ["project", "requires-python"], in: Array(document.utf8))
                    == ">=3.8",
                "\(document)"
            )
        }
    }

    @Test(
        "what stands elsewhere, is no string, or is no TOML gives nothing",
        arguments: [
            "", "requires-python = \">=3\"", "[project.x]\nrequires-python = \">=3\"",
            "[[project]]\nrequires-python = \">=3\"", "[project]\nrequires-python = 3\n",
            "[project]\nrequires-python = [\">=3\"]\n",
            "[project]\nx = \"unclosed\nrequires-python = \">=3\"",
            "[project\nrequires-python = \">=3\"", "[project]\n= \">=3\"", "project = [[[[", "project = {a",
            "\u{0}",
            "[project]\nx = \"\"\"unclosed\nrequires-python = \">=3\"",
        ]
    )
    func nothing(document: String) {
        #expect(TOMLValueFinder.string(at: ["project", "requires-python"], in: Array(document.utf8)) == nil)
    }
}
