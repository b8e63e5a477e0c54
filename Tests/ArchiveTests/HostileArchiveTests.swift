import Archive
import Glibc
import POSIX
import Testing

@Suite("Hostile archives")
struct HostileArchiveTests {
    typealias Member = TarFixture.Member
    private static let top = "acme-core-1.0"

    static let cases: [(ArchiveError.Refusal, [Member])] = [
        (.absolutePath, [.init("/etc/passwd")]),
        (.absolutePath, [.init("//etc/passwd")]),
        (.parentPath, [.init("\(top)/../../etc/passwd")]),
        (.parentPath, [.init("../\(top)/x")]),
        (.parentPath, [.init("\(top)/a/..")]),
        (.parentPath, [.init("\(top)/..\\..\\x")]),
        (.unreadableName, [.init("\(top)/a\u{1b}[2J")]),
        (.unreadableName, [.init("\(top)/a\nb")]),
        (.unreadableName, [notText]),
        (.emptyName, [.init("./.")]),
        (.longPath, [.init("\(top)/" + String(repeating: "d/", count: 600))]),
        (.outsideTop, [.init("other-1.0/x")]),
        (.outsideTop, [.init("loose.txt")]),
        (.outsideTop, [.init("\(top)")]),
        (.outsideTop, [.link("\(top)", to: "elsewhere")]),
        (
            .outsideTop,
            [.link("\(top)/h", to: "/etc/passwd-without-slash", type: "1").changing { $0.link.removeFirst() }]
        ),
        (.absolutePath, [.link("\(top)/h", to: "/etc/passwd", type: "1")]),
        (.parentPath, [.link("\(top)/h", to: "\(top)/../../etc/passwd", type: "1")]),
        (.duplicate, [.init("\(top)/PKG-INFO", "Name: other\n")]),
        (.duplicate, [.init("\(top)/./src//acme/empty.py", "x")]),
        (.duplicate, [.init("\(top)/src/acme/empty.py").changing { $0.mode = 0o755 }]),
        (.duplicate, [.directory("\(top)/PKG-INFO")]),
        (.duplicate, [.init("\(top)/d"), .link("\(top)/d", to: "src")]),
        (.belowFile, [.init("\(top)/PKG-INFO/x")]),
        (.belowFile, [.link("\(top)/out", to: "src"), .init("\(top)/out/x")]),
        (.special, [.special("\(top)/null", type: "3")]),
        (.special, [.special("\(top)/sda", type: "4")]),
        (.special, [.special("\(top)/pipe", type: "6")]),
        (.linkLeaves, [.link("\(top)/l", to: "/etc/passwd")]),
        (.linkLeaves, [.link("\(top)/l", to: "..")]),
        (.linkLeaves, [.link("\(top)/a/l", to: "../../\(top)/PKG-INFO")]),
        // Read as text it stays inside; through the other link it does not.
        (.linkLeaves, [.link("\(top)/a/b/up", to: "../.."), .link("\(top)/a/b/l", to: "up/../x")]),
        (.linkLoops, [.link("\(top)/l", to: "l")]),
        (.linkLoops, [.link("\(top)/l", to: "m"), .link("\(top)/m", to: "l/x")]),
        (
            .linkLoops,
            [.link("\(top)/l", to: "\(top)/m", type: "1"), .link("\(top)/m", to: "\(top)/l", type: "1")]
        ),
        (.linkDangles, [.link("\(top)/h", to: "\(top)/nothing", type: "1")]),
        (.linkDangles, [.link("\(top)/h", to: "\(top)/latest", type: "1")]),
        (.unreadableName, [.link("\(top)/l", to: "x").changing { $0.link = [0xff, 0xfe] }]),
    ]

    private static let notText = Member("\(top)/x").changing { $0.name.append(0xff) }

    @Test("A member that no package needs is refused", arguments: cases.indices)
    func members(index: Int) throws {
        let bench = try Workbench()
        let (refusal, members) = Self.cases[index]
        for fixture in [TarFixture.package(adding: members), .packageWithout(members)] {
            let error = try bench.refusal(fixture)
            guard case .refused(refusal, _) = error else {
                Issue.record("\(index): \(refusal) expected, not: \(error)")
                return
            }
            #expect(!error.isInfrastructure)
            #expect(try bench.entries == ["in.tar.gz"])
        }
    }

    @Test("Nothing from the archive is in the reason, and the description has no control characters")
    func messages() throws {
        let bench = try Workbench()
        let error = try bench.refusal(.package(adding: [.init("\(Self.top)/\u{1b}[2Jevil\n")]))
        #expect(!error.reason.contains("evil"))
        #expect(error.description.contains("evil"))
        #expect(error.description.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }

    @Test("An archive needs a regular PKG-INFO in its top directory")
    func packageInfo() throws {
        let bench = try Workbench()
        for replacement: [Member] in [
            [], [.init("\(Self.top)/sub/PKG-INFO", "x")], [.link("\(Self.top)/PKG-INFO", to: "src")],
            [.directory("\(Self.top)/PKG-INFO")],
        ] {
            var fixture = TarFixture.package()
            fixture.members.removeFirst()
            fixture.members += replacement
            #expect(try bench.refusal(fixture) == .noPackageInfo)
        }
    }

    @Test("What is too large is refused before it is unpacked")
    func limits() throws {
        let bench = try Workbench()
        var limits = ArchiveLimits()
        limits.members = 7
        #expect(throws: Never.self) { try bench.repack(.package(), limits: limits) }
        #expect(
            try bench.refusal(.package(adding: [.directory(Self.top)]), limits: limits) == .tooLarge(.members)
        )

        limits = ArchiveLimits()
        limits.packageInfo = 10
        #expect(try bench.refusal(.package(), limits: limits) == .tooLarge(.packageInfo))

        limits = ArchiveLimits()
        limits.bytes = 100
        var large = Member("\(Self.top)/large")
        large.body = [UInt8](repeating: 1, count: 100)
        #expect(try bench.refusal(.package(adding: [large]), limits: limits) == .tooLarge(.bytes))

        var announced = Member("\(Self.top)/announced")
        announced.announcedSize = 0o77_777_777_777
        #expect(try bench.refusal(.package(adding: [announced])) == .tooLarge(.bytes))
    }

    @Test("A small file that unpacks to very much is refused, a sparse one too")
    func bombs() throws {
        let bench = try Workbench()
        let program = """
            import io, os, subprocess, sys, tarfile
            os.chdir(sys.argv[1])
            with tarfile.open("zeros.tar.gz", "w:gz") as tar:
                info = tarfile.TarInfo("a-1/zeros"); info.size = 70 << 20
                tar.addfile(info, io.BytesIO(bytes(info.size)))
            os.mkdir("a-1")
            os.truncate(os.open("a-1/hole", os.O_CREAT | os.O_RDWR), 1 << 40)
            subprocess.run(["tar", "-Sczf", "sparse.tar.gz", "a-1"], check=True)
            """
        _ = try bench.python(program, bench.path)
        for name in ["zeros", "sparse"] {
            let file = "\(bench.path)/\(name).tar.gz"
            #expect(throws: ArchiveError.tooLarge(.bytes), "\(name)") { try bench.repack(file: file) }
        }
        #expect(try !bench.entries.contains("out.tar.gz"))
    }
}

extension TarFixture.Member {
    func changing(_ change: (inout Self) -> Void) -> Self {
        var member = self
        change(&member)
        return member
    }
}

extension TarFixture {
    /// The hostile members first, when nothing is known of the archive yet but its top directory.
    static func packageWithout(_ members: [Member]) -> TarFixture {
        var fixture = package()
        fixture.members.insert(contentsOf: members, at: 1)
        return fixture
    }
}
