import Testing

@testable import PythonPackaging

@Suite("Dependency specifiers")
struct DependencySpecifierTests {
    @Test(
        "What PEP 508 allows is read, and written as metadata has it",
        arguments: [
            ("requests", "requests"),
            ("  requests  >= 2 , <3 ", "requests>=2,<3"),
            ("requests (>=2,<3)", "requests>=2,<3"),
            ("A.b_C[x, y_Z]==1.*", "A.b_C[x,y_Z]==1.*"),
            ("name[]", "name"),
            ("tomli>=2;python_version<'3.11'", "tomli>=2; python_version<'3.11'"),
            ("x ; os_name == \"nt\" and (extra == 'a' or not_ == 'b')", nil),
            (
                "x; os_name == \"nt\" and (sys_platform in 'a b' or sys_platform not in 'c')",
                "x; os_name == \"nt\" and (sys_platform in 'a b' or sys_platform not in 'c')"
            ),
            ("x @ https://host.example/x.whl#a;b", "x @ https://host.example/x.whl#a;b"),
            (
                "x @ https://host.example/x.whl ; os_name == 'nt'",
                "x @ https://host.example/x.whl ; os_name == 'nt'"
            ),
            ("", nil), ("-x", nil), ("x y", nil), ("x>=", nil), ("x>=2;", nil), ("x; os_name", nil),
            ("x; os_name == nt", nil), ("x; 'a' == 'b", nil), ("x; (os_name == 'nt'", nil), ("x[a", nil),
            ("x[a b]", nil),
            ("x @ {root:uri}/y", nil), ("x @ path", nil), ("x>=2\ny", nil), ("x; os_name == 'nt' or", nil),
            ("x; os_name = 'nt'", nil), ("x>=2 # why", nil),
        ] as [(String, String?)]
    )
    func readings(text: String, written: String?) {
        #expect(DependencySpecifier(text)?.description == written)
    }

    @Test("An extra's condition is joined so that it counts for all of a marker")
    func extras() throws {
        let extra = "extra == \"test\""
        for (text, written) in [
            ("a>=1", "a>=1; extra == \"test\""),
            ("a; os_name == 'nt'", "a; os_name == 'nt' and extra == \"test\""),
            (
                "a; os_name == 'nt' or os_name == 'x'",
                "a; (os_name == 'nt' or os_name == 'x') and extra == \"test\""
            ),
            ("a @ https://host.example/a.whl", "a @ https://host.example/a.whl ; extra == \"test\""),
        ] {
            #expect(try #require(DependencySpecifier(text)).description(where: extra) == written)
        }
    }

    @Test("Nesting without an end is refused, and not followed")
    func depth() {
        let deep = String(repeating: "(", count: 900) + "os_name == 'x'" + String(repeating: ")", count: 900)
        #expect(DependencySpecifier("x; " + deep) == nil)
    }
}
