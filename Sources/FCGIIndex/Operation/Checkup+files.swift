internal import POSIX

/// Lists of files.
extension Checkup {
    /// Lines that are shown of those that list nothing.
    private static let shownLines = 3

    func fileList(_ source: FileListSourceConfiguration) -> [Finding] {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(source.path)
        } catch {
            return [
                .error(
                    "Source \"\(source.name)\": \(error). Its list must be a file that this user may read."
                )
            ]
        }
        let list = FileList(parsing: bytes, source)
        let files = list.projects.values.reduce(0) { $0 + $1.count }
        let findings = [
            Finding.ok(
                "Source \"\(source.name)\": \(source.path) lists files: \(files), projects: \(list.projects.count). They are "
                    + "at \(source.packagesURL)"
            )
        ]
        if list.skipped.isEmpty { return findings }
        let lines = list.skipped.prefix(Self.shownLines).map { "line \($0.number): \($0.reason)" }
        let more = list.skipped.count > lines.count ? " More: pyindex-fcgi list --skipped" : ""
        return findings + [
            .warning(
                "Source \"\(source.name)\": lines of \(source.path) that list nothing: \(list.skipped.count). "
                    + lines.joined(separator: " ") + more
            )
        ]
    }
}
