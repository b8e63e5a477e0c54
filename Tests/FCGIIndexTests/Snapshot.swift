import Glibc
import POSIX
import Testing

/// Files in Tests/Snapshots that hold what something looked like when it was looked at.
/// `UPDATE_SNAPSHOTS=1` rewrites them.
enum Snapshot {
    private static let directory = #filePath.replacing("FCGIIndexTests/Snapshot.swift", with: "Snapshots")

    static func compare(
        _ bytes: [UInt8],
        with name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = "\(directory)/\(name)"
        if getenv("UPDATE_SNAPSHOTS") != nil {
            try File.replace(path, with: bytes, mode: 0o644)
            return
        }
        let expected = try File.read(path)
        #expect(
            String(decoding: bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self),
            sourceLocation: sourceLocation
        )
    }
}
