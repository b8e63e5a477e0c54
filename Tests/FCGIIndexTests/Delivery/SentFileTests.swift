import Glibc
import POSIX
import Testing

@testable import FCGIIndex
@testable import FastCGI

@Suite("Sending a file")
struct SentFileTests {
    private static let file = SentFile(
        .files,
        ["acme-core", "0123456789abcdef0123", "acme_core-1.0+l.tar.gz"],
        type: "application/gzip",
        cacheControl: "no-cache"
    )

    private func fields(_ way: SendFile, _ base: String = "/pypi/") throws -> [String: String] {
        let delivery = Delivery(way: way, conditions: FileConditions())
        let base = try #require(BasePath(base))
        return Reply(try Self.file.response(delivery, cache: "/var/my cache", base: base, root: base)).fields
    }

    @Test("each way has its header, encoded as the web server decodes it")
    func headers() throws {
        let name = "acme-core/0123456789abcdef0123/acme_core-1.0%2Bl.tar.gz"
        let nginx = try fields(.accelRedirect)
        #expect(nginx["X-Accel-Redirect"] == "/pypi/-/accel/files/\(name)")
        #expect(try fields(.accelRedirect, "/")["X-Accel-Redirect"] == "/-/accel/files/\(name)")
        #expect(try fields(.location)["Location"] == "/pypi/-/accel/files/\(name)")
        for way in [SendFile.accelRedirect, .location] {
            let fields = try fields(way)
            #expect(fields["Content-Type"] == "application/gzip")
            #expect(fields["Cache-Control"] == "no-cache")
            #expect(fields["Content-Length"] == nil)
        }
    }

    @Test("a file that is not there cannot be sent by who looks at it")
    func missing() {
        #expect(throws: SystemError.self) { try fields(.stream) }
        #expect(throws: SystemError.self) { try fields(.sendfile) }
    }

    @Test("the bytes of the whole and of a part, with nginx's ETag")
    func streamed() throws {
        let root = "/tmp/pyindex sent%\(Temporary.suffix())"
        defer { try? Directory.remove(root) }
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = ([root, "files"] + Self.file.segments).joined(separator: "/")
        for directory in [root, root + "/files", root + "/files/acme-core", Directory.parent(of: path)] {
            try Directory.create(directory)
        }
        try File.replace(path, with: bytes)
        let moment = timespec(tv_sec: 1_767_225_600, tv_nsec: 0)
        try #require(utimensat(AT_FDCWD, path, [moment, moment], 0) == 0)

        func answer(_ conditions: FileConditions) throws -> (head: String, body: [UInt8]) {
            let delivery = Delivery(way: .stream, conditions: conditions)
            let response = try Self.file.response(delivery, cache: root, base: .root, root: .root)
            var sent: [UInt8] = []
            var hasEnded = false
            let isWhole = response.send { piece, isLast in
                #expect(!hasEnded)
                sent += piece
                hasEnded = isLast
                return true
            }
            #expect(isWhole && hasEnded)
            #expect(response.count == sent.count)
            return (
                String(decoding: sent[..<response.headLength], as: UTF8.self),
                Array(sent[response.headLength...])
            )
        }
        let named = try Self.file.response(
            Delivery(way: .sendfile, conditions: FileConditions()),
            cache: root,
            base: .root,
            root: .root
        )
        let encoded = path.replacing("%", with: "%25")
        #expect(Reply(named).fields["X-Sendfile"] == encoded, "no version decodes a space or a plus sign")
        #expect(Reply(named).fields["ETag"] == "\"6955b900-30d40\"")
        let whole = try answer(FileConditions())
        #expect(whole.body == bytes)
        #expect(whole.head.contains("\r\nETag: \"6955b900-30d40\"\r\n"), "\(whole.head)")
        #expect(whole.head.contains("\r\nContent-Length: 200000\r\n"))
        #expect(whole.head.contains("\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"))
        let part = try answer(FileConditions(range: "bytes=65530-131080"))
        #expect(part.body == Array(bytes[65530...131080]))
        #expect(part.head.hasPrefix("Status: 206 "))
        #expect(part.head.contains("\r\nContent-Range: bytes 65530-131080/200000\r\n"))
        let none = try answer(FileConditions(range: "bytes=200000-"))
        #expect(
            none.head.hasPrefix("Status: 416 ") && none.head.contains("Content-Range: bytes */200000\r\n")
        )
        let same = try answer(FileConditions(ifNoneMatch: "\"6955b900-30d40\""))
        #expect(same.head.hasPrefix("Status: 304 ") && same.body.isEmpty)
    }

    @Test(
        "the web server says what it can do, and nginx need not",
        arguments: [
            (nil, "nginx/1.22.1", .accelRedirect), (nil, "Apache/2.4.66 (Debian)", .stream),
            (nil, "lighttpd/1.4.69", .stream), (nil, nil, .stream),
            ("x-sendfile", "lighttpd/1.4.69", .sendfile), ("location", "Apache", .location),
            ("stream", "nginx/1.22.1", .stream), ("teleport", "nginx/1.22.1", .accelRedirect),
            ("", "Apache", .stream),
        ] as [(String?, String?, SendFile)]
    )
    func detected(declared: String?, software: String?, way: SendFile) {
        #expect(SendFile(declared: declared, software: software) == way)
    }
}
