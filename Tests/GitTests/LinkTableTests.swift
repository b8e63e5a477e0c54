import Testing

@testable import Git

@Suite("Links of an export")
struct LinkTableTests {
    @Test(
        "A link is followed as the kernel would, and its end judged",
        arguments: [
            (["a": "b"], "a", LinkTable.End.inside(TreePath("b"))),
            (["d/a": "../b/./c"], "d/a", .inside(TreePath("b/c"))),
            (["a": "/etc/passwd"], "a", .outside),
            (["a": ".."], "a", .outside),
            (["d/a": "../.."], "d/a", .outside),
            (["a": "x/../../y"], "a", .outside),
            (["a": "."], "a", .inside(TreePath())),
            // By the names alone this would be x/y/etc.
            (["x/y/d": "../..", "x/y/l": "d/../etc"], "x/y/l", .outside),
            (["d": "s/t", "l": "d/../u"], "l", .inside(TreePath("s/u"))),
            (["a": "b", "b": "c/..", "c": "/"], "a", .outside),
            (["a": "b", "b": "a"], "a", .nowhere),
            (["a": "a/x"], "a", .nowhere),
        ]
    )
    func end(_ links: [String: String], _ path: String, _ end: LinkTable.End) {
        var table = LinkTable()
        for (link, target) in links { table.add(TreePath(link), target: Array(target.utf8)) }
        #expect(table.end(of: TreePath(path)) == end)
    }
}
