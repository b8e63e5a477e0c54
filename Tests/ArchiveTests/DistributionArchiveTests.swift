import Archive
import Fixtures
import POSIX
import Testing

@Suite("Metadata of distributions")
final class DistributionArchiveTests {
    private let bench: Workbench
    private static let limits: ArchiveLimits = {
        var limits = ArchiveLimits()
        limits.packageInfo = 1000
        limits.members = 50
        limits.zipList = 4000
        limits.bytes = 1 << 20
        return limits
    }()

    init() throws { bench = try Workbench() }

    private func read(
        _ bytes: [UInt8],
        _ kind: DistributionArchive.Kind = .wheel
    ) throws(MetadataError) -> String {
        let path: String
        do {
            path = try bench.put(bytes, as: "file")
        } catch { throw .system(SystemError("put", code: 5)) }
        let found = try DistributionArchive.metadata(of: path, as: kind, limits: Self.limits)
        return String(decoding: found.bytes, as: UTF8.self)
    }

    private func refusal(
        _ bytes: [UInt8],
        _ kind: DistributionArchive.Kind = .wheel
    ) throws -> MetadataError {
        try #require(throws: MetadataError.self) { try read(bytes, kind) }
    }

    private func wheel(_ change: (inout ZipFixture) -> Void = { _ in }) -> [UInt8] {
        var fixture = ZipFixture.wheel()
        change(&fixture)
        return fixture.bytes
    }

    @Test("A wheel has it in its one .dist-info directory, an egg in EGG-INFO, a sdist in its top directory")
    func places() throws {
        #expect(try read(wheel()) == "Metadata-Version: 2.1\nName: acme-core\nVersion: 1.0\n")
        #expect(try read(ZipFixture([.init("EGG-INFO/PKG-INFO", "egg")]).bytes, .egg) == "egg")
        #expect(
            try read(
                ZipFixture([.init("a-1/b/PKG-INFO"), .init("a-1/PKG-INFO", "zip")]).bytes,
                .source(.zip)
            ) == "zip"
        )
        let tar = TarFixture(members: [.init("./a-1/egg/PKG-INFO", "no"), .init("a-1/PKG-INFO", "tar")])
        #expect(try read(tar.compressed, .source(.tar(.gzip))) == "tar")
        #expect(try read(tar.bytes, .source(.tar(.none))) == "tar")
    }

    @Test("Every compression that sdists had is read", arguments: [("bz2", "bzip2"), ("xz", "xz")])
    func compressions(mode: String, name: String) throws {
        _ = try bench.python(
            """
            import sys, tarfile, io
            with tarfile.open(sys.argv[1], "w:" + sys.argv[2]) as tar:
                entry = tarfile.TarInfo("a-1/PKG-INFO"); entry.size = 3
                tar.addfile(entry, io.BytesIO(b"yes"))
            """,
            bench.path + "/made",
            mode
        )
        let compression = try #require(ArchiveFormat.Compression(rawValue: name))
        let bytes = try File.read(bench.path + "/made")
        #expect(try read(bytes, .source(.tar(compression))) == "yes")
        guard case .unreadable = try refusal(bytes, .source(.tar(.gzip))) else {
            Issue.record("wrong magic")
            return
        }
    }

    @Test("A wheel as Python makes it, compressed, is read")
    func compressed() throws {
        _ = try bench.python(
            """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
                z.writestr("d\\u00e9j\\u00e0.py", "x" * 100000)
                z.writestr("a-1.dist-info/METADATA", "yes" * 100)
            """,
            bench.path + "/made"
        )
        #expect(try read(File.read(bench.path + "/made")) == String(repeating: "yes", count: 100))
    }

    @Test("What is no whole archive of its kind is unreadable")
    func unreadable() throws {
        let whole = wheel()
        let gzip = TarFixture.package().compressed
        for (bytes, kind) in [
            ([], .wheel), ([1, 2, 3], .wheel), (Array(whole.dropLast(25)), .wheel),
            (Array(whole.dropFirst(100)), .wheel), (gzip, .wheel), (whole, .source(.tar(.gzip))),
            (Array(gzip.dropLast(20)), .source(.tar(.gzip))), ([], .source(.tar(.gzip))),
            (TarFixture.gzip(gzip), .source(.tar(.gzip))), (whole, .source(.tar(.none))),
        ] as [([UInt8], DistributionArchive.Kind)] {
            guard case .unreadable = try refusal(bytes, kind) else {
                Issue.record("\(bytes.count) bytes as \(kind): \(try refusal(bytes, kind))")
                continue
            }
        }
        let damaged = wheel { $0.members[1].checksum = 1 }
        guard case .unreadable = try refusal(damaged) else {
            Issue.record("\(try refusal(damaged))")
            return
        }
    }

    @Test("Metadata that is missing, doubled, a directory or a link is none")
    func ambiguity() throws {
        let place = "METADATA in one *.dist-info directory"
        #expect(try refusal(wheel { $0.members.remove(at: 1) }) == .missing(place))
        #expect(try refusal(wheel { $0.members.append($0.members[1]) }) == .ambiguous(place))
        #expect(
            try refusal(wheel { $0.members.append(.init("other-1.0.dist-info/RECORD")) }) == .ambiguous(place)
        )
        #expect(
            try refusal(wheel { $0.members[1] = .init("acme_core-1.0.dist-info/METADATA/") })
                == .missing(place)
        )
        let links = TarFixture(members: [.link("a-1/PKG-INFO", to: "/etc/passwd"), .init("a-1/x")])
        #expect(
            try refusal(links.compressed, .source(.tar(.gzip))) == .missing("PKG-INFO in its top directory")
        )
    }

    @Test(
        "Names that leave the archive are refused",
        arguments: ["/etc/x", "../x", "a/../../x", "a\\..\\..\\x"]
    )
    func names(_ name: String) throws {
        for (bytes, kind) in [
            (wheel { $0.members.insert(.init(name), at: 0) }, .wheel),
            (
                TarFixture(members: [.init(name), .init("a-1/PKG-INFO", "x")]).compressed,
                .source(.tar(.gzip))
            ),
        ] as [([UInt8], DistributionArchive.Kind)] {
            guard case .refused(let refusal, _) = try refusal(bytes, kind) else {
                Issue.record("\(try refusal(bytes, kind))")
                continue
            }
            #expect(refusal == (name.hasPrefix("/") ? .absolutePath : .parentPath))
        }
    }

    @Test("Too many members, too long a list, too large a file and too much of it are refused")
    func limits() throws {
        let many = (0..<51).map { ZipFixture.Member("m/\($0)") }
        #expect(try refusal(wheel { $0.members += many }) == .tooLarge(.members))
        let long = ZipFixture.Member(String(repeating: "x", count: 4000))
        #expect(try refusal(wheel { $0.members.append(long) }) == .tooLarge(.members))
        #expect(
            try refusal(wheel { $0.members[1].body = [UInt8](repeating: 65, count: 1001) })
                == .tooLarge(.packageInfo)
        )
        var bomb = TarFixture(members: [.init("a-1/zeros"), .init("a-1/PKG-INFO", "x")])
        bomb.members[0].body = [UInt8](repeating: 0, count: 2 << 20)
        #expect(try refusal(bomb.compressed, .source(.tar(.gzip))) == .tooLarge(.bytes))
        bomb.members[0].body = []
        bomb.members[0].announcedSize = 1 << 32
        #expect(try refusal(bomb.compressed, .source(.tar(.gzip))) == .tooLarge(.bytes))
    }

    @Test("A small zip whose metadata unpacks to gigabytes is read no further than the limit")
    func bomb() throws {
        _ = try bench.python(
            """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
                with z.open("a-1.dist-info/METADATA", "w") as f:
                    for _ in range(64): f.write(bytes(1 << 20))
            """,
            bench.path + "/made"
        )
        #expect(try refusal(File.read(bench.path + "/made")) == .tooLarge(.packageInfo))
    }

    @Test("A missing file is this machine's failure")
    func absent() throws {
        let error = try #require(throws: MetadataError.self) {
            try DistributionArchive.metadata(of: bench.path + "/none", as: .wheel)
        }
        guard case .system = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("A list whose longer record puts a member past all bounds is torn", arguments: [0, 1])
    func farOffset(prefix: Int) throws {
        var zip = wheel()
        // Two members of the list get a zip64 record that says where they stand: nowhere.
        let record = [UInt8]([1, 0, 8, 0]) + [UInt8](repeating: 0xff, count: 7) + [0x7f]
        let starts = zip.indices.dropLast(4).filter { zip[$0..<($0 + 4)].elementsEqual([0x50, 0x4b, 1, 2]) }
        let end = try #require(
            zip.indices.dropLast(4).last { zip[$0..<($0 + 4)].elementsEqual([0x50, 0x4b, 5, 6]) }
        )
        let start = try #require(starts.first)
        let nameLength = Int(zip[start + 28])
        for byte in 42..<46 { zip[start + byte] = 0xff }
        zip[start + 30] = UInt8(record.count)
        zip.insert(contentsOf: record, at: start + 46 + nameLength)
        zip[end + record.count + 12] += UInt8(record.count)
        let error = try refusal([UInt8](repeating: 0, count: prefix) + zip, .wheel)
        guard case .unreadable = error else {
            Issue.record("\(error)")
            return
        }
    }
}
