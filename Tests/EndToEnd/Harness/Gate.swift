import Foundation
import Glibc

/// Files by which a test steers a build that is not confined.
struct Gate {
    let directory: String

    init() throws {
        directory = try Places.makeDirectory("gate")
        // Builds may be another user's.
        chmod(directory, 0o777)
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }

    /// Writes a line to `runs`, and ends when the gate is open.
    var script: String {
        "echo x >> \(directory)/runs\nwhile [ ! -e \(directory)/gate ]; do sleep 0.05; done"
    }

    /// How many builds have begun.
    var runs: Int { get throws { try text(of: directory + "/runs").count / 2 } }

    /// The process that the build left behind, as it says itself.
    var daemon: Int32? { get throws { Int32(try text(of: directory + "/daemon").dropLast()) } }

    /// Lets all builds end, from now on.
    func open() { _ = FileManager.default.createFile(atPath: directory + "/gate", contents: nil) }
}
