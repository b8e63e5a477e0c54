internal import Glibc
internal import POSIX

/// The one archive that a recipe left.
enum BuiltArchive {
    /// The real path of the only `*.tar.gz` in the recipe's artifacts directory.
    ///
    /// Symbolic links are followed within `tree` and nowhere else: what a recipe may read, an index need not
    /// publish. The recipe's processes must have ended.
    static func find(_ artifacts: String, within tree: String) throws(BuildFailure) -> String {
        let directory = try real(artifacts, within: tree, isDirectory: true)
        let names: [String]
        do throws(SystemError) {
            names = try Directory.entries(directory).filter { $0.hasSuffix(".tar.gz") }
        } catch { throw BuildFailure(error, while: "looking for the archive") }
        guard let name = names.first, names.count == 1 else {
            throw BuildFailure(
                .source,
                "The build must leave one .tar.gz in its artifacts directory, and left \(names.count)."
            )
        }
        return try real("\(directory)/\(name)", within: tree, isDirectory: false)
    }

    private static func real(
        _ path: String,
        within tree: String,
        isDirectory: Bool
    ) throws(BuildFailure) -> String {
        let kind = isDirectory ? "artifacts directory" : "archive"
        let resolved: String
        let status: FileStatus
        do throws(SystemError) {
            resolved = try File.resolve(path)
            status = try FileStatus(path: resolved, followingLinks: false)
        } catch {
            // A link to nowhere and a loop of links are the build's doing; the rest is the machine's.
            guard error.isAbsence || error.code == ELOOP else {
                throw BuildFailure(error, while: "looking for the archive")
            }
            throw BuildFailure(.source, "The build left no \(kind) where the recipe says.")
        }
        guard resolved.hasPrefix(tree + "/") else {
            throw BuildFailure(.source, "The build's \(kind) lies outside the exported tree.")
        }
        guard isDirectory ? status.isDirectory : status.isRegularFile else {
            throw BuildFailure(.source, "The build's \(kind) is not a \(isDirectory ? "directory" : "file").")
        }
        return resolved
    }
}
