import Archive
import POSIX
import Testing

@Suite("Members of a repacked archive")
struct MemberTests {
    /// Every member as Python's tarfile sees it, one line each.
    private static let listing = """
        import sys, tarfile
        for m in tarfile.open(sys.argv[1]):
            body = m.isreg() and tarfile.open(sys.argv[1]).extractfile(m.name).read().decode().strip()
            print(m.name, m.type.decode(), oct(m.mode), m.linkname or "-", m.size, body or "-")
            assert (m.uid, m.gid, m.uname, m.gname, m.mtime) == (0, 0, "", "", 1700000000), m.get_info()
            assert set(m.pax_headers) <= {"path", "linkpath"}, m.pax_headers
        """

    private func list(_ bench: Workbench) throws -> [String] {
        try bench.python(Self.listing, "\(bench.path)/out.tar.gz").split(separator: "\n").map(String.init)
    }

    @Test("Members are sorted by bytes, owned by nobody, of one time, with plain modes")
    func plain() throws {
        let bench = try Workbench()
        _ = try bench.repack(.package(adding: [.directory("acme-core-1.0/void")]))
        let long = String(repeating: "long/", count: 40)
        #expect(
            try list(bench) == [
                "acme_core-1.0/PKG-INFO 0 0o644 - 51 Metadata-Version: 2.2", "Name: acme-core",
                "Version: 1.0",
                "acme_core-1.0/bin/run 0 0o755 - 10 #!/bin/sh",
                "acme_core-1.0/latest 2 0o777 src/acme 0 -",
                "acme_core-1.0/\(long)name.txt 0 0o644 - 4 deep",
                "acme_core-1.0/src/acme/__init__.py 0 0o644 - 6 x = 1",
                "acme_core-1.0/src/acme/de\u{301}ja\u{300}.txt 0 0o644 - 3 NFD",
                "acme_core-1.0/src/acme/empty.py 0 0o644 - 0 -",
                "acme_core-1.0/void 5 0o755 - 0 -",
            ]
        )
    }

    @Test("Two spellings of one Unicode name are two files")
    func unicode() throws {
        let bench = try Workbench()
        let composed = TarFixture.Member("acme-core-1.0/src/acme/d\u{e9}j\u{e0}.txt", "NFC")
        _ = try bench.repack(.package(adding: [composed]))
        let names = try list(bench).map { Array($0.utf8) }
        #expect(names.contains { $0.starts(with: Array("acme_core-1.0/src/acme/d\u{e9}j\u{e0}.txt ".utf8)) })
        #expect(
            names.contains { $0.starts(with: Array("acme_core-1.0/src/acme/de\u{301}ja\u{300}.txt ".utf8)) }
        )
    }

    @Test(
        "Names of every length up to the limit are kept",
        arguments: [99, 100, 101, 155, 156, 254, 255, 256, 257, 1000]
    )
    func lengths(length: Int) throws {
        for part in ["directory/", "d/"] {
            let bench = try Workbench()
            let top = "acme-core-1.0/"
            var path = ""
            while path.utf8.count + part.utf8.count < length - top.utf8.count { path += part }
            path += String(repeating: "n", count: length - top.utf8.count - path.utf8.count)
            let link = TarFixture.Member.link("acme-core-1.0/to", to: path)
            _ = try bench.repack(.package(adding: [.init(top + path, "body"), link]))
            let lines = try list(bench)
            #expect(lines.contains("acme_core-1.0/\(path) 0 0o644 - 4 body"))
            #expect(lines.contains("acme_core-1.0/to 2 0o777 \(path) 0 -"))
        }
    }

    @Test(
        "Of hard links the first in order has the body, wherever the archive has it",
        arguments: [false, true]
    )
    func hardLinks(reversed: Bool) throws {
        let bench = try Workbench()
        var names = ["acme-core-1.0/a", "acme-core-1.0/m", "acme-core-1.0/z"]
        if reversed { names.reverse() }
        _ = try bench.repack(
            .package(adding: [
                .init(names[0], "shared"), .link(names[1], to: names[0], type: "1"),
                .link(names[2], to: names[1], type: "1"),
            ])
        )
        let lines = try list(bench)
        #expect(lines.contains("acme_core-1.0/a 0 0o644 - 6 shared"))
        #expect(lines.contains("acme_core-1.0/m 1 0o644 acme_core-1.0/a 0 -"))
        #expect(lines.contains("acme_core-1.0/z 1 0o644 acme_core-1.0/a 0 -"))
    }

    @Test(
        "Symbolic links inside the archive are kept as they are",
        arguments: ["bin/run", "./bin//run", "src/../bin/run", "nowhere", "latest/../../bin", "src/acme/"]
    )
    func symbolicLinks(target: String) throws {
        let bench = try Workbench()
        _ = try bench.repack(.package(adding: [.link("acme-core-1.0/link", to: target)]))
        #expect(try list(bench).contains("acme_core-1.0/link 2 0o777 \(target) 0 -"))
    }

    @Test("Python unpacks what was repacked, links included")
    func unpacking() throws {
        let bench = try Workbench()
        _ = try bench.repack(
            .package(adding: [.link("acme-core-1.0/copy", to: "acme-core-1.0/PKG-INFO", type: "1")])
        )
        let program = """
            import os, sys, tarfile
            tarfile.open(sys.argv[1]).extractall(sys.argv[2])
            print(open(sys.argv[2] + "/acme_core-1.0/latest/__init__.py").read(), end="")
            print(os.path.getsize(sys.argv[2] + "/acme_core-1.0/copy"))
            """
        #expect(try bench.python(program, "\(bench.path)/out.tar.gz", "\(bench.path)/x") == "x = 1\n51\n")
    }
}
