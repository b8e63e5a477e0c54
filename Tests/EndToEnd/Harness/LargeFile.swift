import Foundation
import POSIX

/// A wheel of a little more than 100 MiB, in the folder of a site.
enum LargeFile {
    static let project = "acme-large"
    static let name = "acme_large-1.0-py3-none-any.whl"
    static let size = 100 << 20

    /// No part of it is like another, so a range from the wrong place is not mistaken for the right one.
    private static let script = """
        import os, sys, zipfile
        info = "acme_large-1.0.dist-info/"
        block = os.urandom(1 << 16)
        with zipfile.ZipFile(sys.argv[1], "w") as wheel:
            with wheel.open("acme_large/content", "w", force_zip64=True) as content:
                for number in range(int(sys.argv[2]) >> 16):
                    content.write(number.to_bytes(8, "big") + block[8:])
            wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: acme-large\\nVersion: 1.0\\n")
            wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
            wheel.writestr(info + "RECORD", "")
        os.chmod(sys.argv[1], 0o644)
        """

    /// Puts it beside a site's monorepo.
    static func put(beside monorepo: Monorepo) throws {
        let folder = Directory.parent(of: monorepo.path) + "/wheels"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let run = try Run(["python3", "-c", script, "\(folder)/\(name)", "\(size)"])
        if !run.succeeded { throw Monorepo.Failed(arguments: [name], output: run.output) }
    }
}
