import Foundation
import Glibc
import POSIX
import Testing

@Suite(
    "Disks that fail in one call",
    .serialized,
    .enabled(if: Trace.isPossible, "strace may not trace here")
)
struct PublishFaultTests {
    /// What each kind of call can meet.
    static let faults: [(call: String, errors: [String])] = [
        ("write", ["ENOSPC", "EIO"]), ("pwrite64", ["ENOSPC", "EIO"]), ("fsync", ["EIO", "ENOSPC"]),
        ("openat", ["EIO", "ENOSPC", "EMFILE"]), ("rename", ["EIO", "ENOSPC"]), ("mkdir", ["ENOSPC", "EIO"]),
        ("fchmod", ["EIO"]), ("fchown", ["EIO"]), ("utimensat", ["EIO"]), ("ftruncate", ["EIO"]),
        ("close", ["EIO"]),
        ("flock", ["EIO"]), ("read", ["EIO"]), ("pread64", ["EIO"]), ("unlink", ["EIO"]),
    ]

    private static func build(_ site: Site, _ version: String) -> [String] {
        [Places.binary, "build", "acme-core", version, "--retry", "--config", site.configuration]
    }

    private static func prepare(_ versions: Int) -> (Monorepo) throws -> Void {
        { monorepo in
            try monorepo.write("acme-core/content", String(repeating: "content ", count: 40_000))
            try monorepo.release("acme-core", "1.0", building: "true")
            for number in 1...versions { try monorepo.git("tag", "acme-core/v1.\(number)") }
        }
    }

    @Test(
        "ENOSPC, EIO and their like in every call on cache and state: nothing wrong is published, the next build is right"
    )
    func everyCall() throws {
        var dice = Rounds.dice(for: "one failing call")
        var counts: [String: Int] = [:]
        try Site.with(prepare: Self.prepare(1500)) { site in
            let whole = try Trace(Self.build(site, "1.1"))
            try #require(whole.run.succeeded, "\(whole.run.output)")
            let places = [site.cache, site.state]
            var points = Self.faults.flatMap { fault in
                whole.calls.filter { call in
                    call.name == fault.call && places.contains { call.text.contains($0) }
                }
                .flatMap { call in fault.errors.map { (call, $0) } }
            }
            points.shuffle(using: &dice)
            let count = min(Rounds.count(15, all: 1400), points.count, 1400)
            print("one failing call: \(count) of \(points.count) faults")
            for (round, (call, error)) in points.prefix(count).enumerated() {
                let version = "1.\(round + 2)"
                let fault = "\(call.name):error=\(error):when=\(call.number)"
                let traced = try Trace(Self.build(site, version), fault: fault)
                let isPublished = try expectRight(site, version, traced.run, "\(fault): \(call.text)")
                let key = "\(call.name) \(error): \(isPublished ? "published" : "refused")"
                counts[key, default: 0] += 1
                let next = try Run(Self.build(site, version))
                #expect(next.succeeded, "\(fault) in \(call.text): \(next.output)")
            }
            try site.expectWhole("acme-core")
            let verify = try Run([Places.binary, "verify", "--config", site.configuration])
            #expect(verify.succeeded, "\(verify.output)")
            #expect(!verify.output.contains("warning"), "\(verify.output)")
        }
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) {
            print("one failing call: \(key) \(count)")
        }
    }

    /// After a fault: the exit status is that of this machine's failure or of success, a published file is whole, and a
    /// line of the ledger has its bytes.
    private func expectRight(_ site: Site, _ version: String, _ run: Run, _ comment: Comment) throws -> Bool {
        #expect([.exited(0), .exited(75), .exited(1)].contains(run.termination), "\(comment): \(run.output)")
        let line = try site.ledger().last { $0.event == "published" && $0.key?.version == version }
        guard let line else {
            #expect(run.termination != .exited(0), "published without a line; \(comment)")
            return false
        }
        let path = "\(site.cache)/files/acme-core/\(line.identity ?? "")/\(line.file ?? "")"
        let sum = try Run(["sha256sum", path]).output.prefix(64)
        #expect(line.sha256 == String(sum), "\(comment)")
        return run.termination == .exited(0)
    }
}
