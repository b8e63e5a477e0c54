internal import Glibc
internal import POSIX
internal import PythonPackaging

/// Pages of another index on disk, one file each, replaced at once. The time of a file is when its page was last known
/// to be right; several processes share the directory.
struct KeptPages: Sendable {
    /// The directory; made with the first page. What is above it leads to files of the web server's too.
    let directory: String
    let group: Group?

    /// The page of `name` and when it was last known to be right, in nanoseconds since 1970; `nil` where none is kept.
    func page(of name: ProjectName) throws(SystemError) -> (page: KeptPage, checked: Int64)? {
        guard let checked = checked(name), let bytes = try File.readIfPresent(path(name)),
            let page = KeptPage(file: bytes)
        else { return nil }
        return (page, checked)
    }

    /// When the page of `name` was last known to be right, in nanoseconds since 1970. One `stat`.
    func checked(_ name: ProjectName) -> Int64? {
        (try? FileStatus(path: path(name), followingLinks: false))?.modified
    }

    /// Keeps a page that came just now.
    func keep(_ page: KeptPage, of name: ProjectName) throws(SystemError) {
        try Directory.create(directory, mode: ArtifactStore.directoryMode, group: group?.id)
        try File.replace(path(name), with: page.file, mode: 0o640)
    }

    /// Notes that the page is right as of now.
    func touch(_ name: ProjectName) { utimensat(AT_FDCWD, path(name), nil, 0) }

    /// Forgets the page of a project that is no more.
    func remove(_ name: ProjectName) { unlink(path(name)) }

    private func path(_ name: ProjectName) -> String { "\(directory)/\(name.normalized)" }
}
