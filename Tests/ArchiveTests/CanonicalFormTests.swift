import Archive
import Digest
import Glibc
import POSIX
import Testing

@Suite("Canonical form")
struct CanonicalFormTests {
    /// One package, written as different back ends and machines would.
    static let variations: [(String, @Sendable (inout TarFixture) -> Void)] = [
        ("members in another order", { $0.members.reverse() }),
        (
            "directories named, the top one too",
            {
                let names = ["acme-core-1.0/", "acme-core-1.0/src", "acme-core-1.0/src/acme/"]
                $0.members = names.map { .directory($0) } + $0.members
            }
        ),
        (
            "a directory named twice",
            { $0.members += [.directory("acme-core-1.0/src"), .directory("acme-core-1.0/src/")] }
        ),
        ("a file written twice", { $0.members.append($0.members[1]) }),
        ("a strict umask", { $0.change { $0.mode &= 0o700 } }),
        ("a lax umask and set-id bits", { $0.change { $0.mode |= 0o6066 } }),
        ("another owner", { $0.change { ($0.owner, $0.ownerName) = (0, "root") } }),
        ("other times", { $0.change { $0.time = 1 } }),
        ("GNU long names", { $0.dialect = .gnu }),
        ("names from the current directory", { $0.change { $0.name = Array("./".utf8) + $0.name } }),
        (
            "another top directory",
            {
                $0.change {
                    $0.name = Array("Acme.Core-1.0".utf8) + $0.name.dropFirst("acme-core-1.0".utf8.count)
                }
            }
        ),
    ]

    @Test("Equal content gives equal bytes", arguments: variations.map(\.0))
    func equalContent(variation: String) throws {
        let bench = try Workbench()
        var other = TarFixture.package()
        try #require(Self.variations.first { $0.0 == variation }).1(&other)
        #expect(other.bytes != TarFixture.package().bytes)

        let expected = try bench.repack(.package(), to: "a")
        let repacked = try bench.repack(other, to: "b")
        #expect(repacked == expected)
        #expect(try File.read("\(bench.path)/a") == File.read("\(bench.path)/b"))
    }

    @Test("Other content gives another tar")
    func otherContent() throws {
        let bench = try Workbench()
        var executable = TarFixture.package()
        executable.members[1].mode = 0o755
        var body = TarFixture.package()
        body.members[1].body[0] += 1
        let tars = try [.package(), executable, body].enumerated().map {
            try bench.repack($1, to: "\($0)").tarSHA256
        }
        #expect(Set(tars).count == 3)
    }

    @Test("The thread's locale changes no name", arguments: ["C", "C.UTF-8"])
    func locale(name: String) throws {
        let bench = try Workbench()
        let locale = try #require(newlocale(1 << LC_CTYPE, name, nil))
        let before = uselocale(locale)
        defer {
            uselocale(before)
            freelocale(locale)
        }
        let tar = try bench.repack(.package()).tarSHA256.description
        #expect(tar == Self.packageTar)
        #expect(uselocale(nil) == locale)
    }

    @Test("The digests and the size are those of the file")
    func digests() throws {
        let bench = try Workbench()
        let repacked = try bench.repack(.package())
        let file = try File.read("\(bench.path)/out.tar.gz")
        #expect(repacked.size == Int64(file.count))
        #expect(repacked.sha256 == SHA256.hash(file))
        let tar = try bench.python(
            "import gzip,hashlib,sys; print(hashlib.sha256(gzip.open(sys.argv[1]).read()).hexdigest())",
            "\(bench.path)/out.tar.gz"
        )
        #expect(repacked.tarSHA256.description + "\n" == tar)
        #expect(repacked.packageInfo == Array(TarFixture.packageInfo.utf8))
    }

    @Test("The gzip header has no name and no time, and the compressor is named with its version")
    func gzipHeader() throws {
        let bench = try Workbench()
        let repacked = try bench.repack(.package())
        #expect(try File.read("\(bench.path)/out.tar.gz").prefix(10) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
        let version = try bench.python("import zlib; print(zlib.ZLIB_RUNTIME_VERSION, end='')")
        #expect(repacked.compressor == "zlib \(version)")
    }

    /// Promised to be the same on every machine for ever; it may change with `Recipe.format` alone.
    static let packageTar = "4ac4635c5fc0297efa89b7abc3f0678fe0e0a1bdb032b3393f0f4c51b52e2eb9"
}

extension TarFixture {
    mutating func change(_ body: (inout Member) -> Void) {
        for index in members.indices { body(&members[index]) }
    }
}
