import Archive
import Glibc
import POSIX
import Testing

/// A directory for one test, with archives put in and taken out.
final class Workbench {
    let path: String

    init(in parent: String = "/tmp") throws {
        path = "\(parent)/archive-\(Temporary.suffix())"
        try Directory.create(path, mode: 0o700)
    }

    deinit { try? Directory.remove(path) }

    var entries: [String] { get throws { try Directory.entries(path).sorted() } }

    func put(_ bytes: [UInt8], as name: String = "in.tar.gz") throws -> String {
        try File.replace("\(path)/\(name)", with: bytes)
        return "\(path)/\(name)"
    }

    /// Repacks `fixture` as `acme_core-1.0` with a fixed time.
    func repack(
        _ fixture: TarFixture,
        to name: String = "out.tar.gz",
        limits: ArchiveLimits = ArchiveLimits()
    ) throws -> Repacked {
        try repack(file: put(fixture.compressed), to: name, limits: limits)
    }

    func repack(
        file: String,
        to name: String = "out.tar.gz",
        limits: ArchiveLimits = ArchiveLimits()
    ) throws -> Repacked {
        let destination = "\(path)/\(name)"
        return try SourceArchive.repack(
            file,
            to: destination,
            topLevel: "acme_core-1.0",
            time: 1_700_000_000,
            limits: limits
        )
    }

    /// The error that repacking ends with.
    func refusal(_ fixture: TarFixture, limits: ArchiveLimits = ArchiveLimits()) throws -> ArchiveError {
        let file = try put(fixture.compressed)
        return try #require(throws: ArchiveError.self) { try repack(file: file, limits: limits) }
    }

    /// The standard output of a Python program, which must succeed.
    func python(_ program: String, _ arguments: String...) throws -> String {
        let output = try Descriptor(opening: "\(path)/python.out", O_WRONLY | O_CREAT | O_TRUNC)
        var python = Program(
            ["/usr/bin/python3", "-I", "-c", program] + arguments,
            environment: ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]
        )
        python.output = output.number
        python.error = output.number
        let end = try Termination(waitingFor: python.start())
        let text = String(decoding: try File.read("\(path)/python.out"), as: UTF8.self)
        try #require(end == .exited(0), "\(text)")
        return text
    }
}

extension TarFixture {
    static let packageInfo = "Metadata-Version: 2.2\nName: acme-core\nVersion: 1.0\n"

    /// A small package: what every variation of it must give the same bytes as.
    static func package(adding more: [Member] = []) -> TarFixture {
        var script = Member("acme-core-1.0/bin/run", "#!/bin/sh\n")
        script.mode = 0o755
        return TarFixture(
            members: [
                Member("acme-core-1.0/PKG-INFO", packageInfo),
                Member("acme-core-1.0/src/acme/__init__.py", "x = 1\n"),
                Member("acme-core-1.0/src/acme/de\u{301}ja\u{300}.txt", "NFD"),
                Member("acme-core-1.0/src/acme/empty.py"),
                Member("acme-core-1.0/" + String(repeating: "long/", count: 40) + "name.txt", "deep"),
                script,
                .link("acme-core-1.0/latest", to: "src/acme"),
            ] + more
        )
    }
}
