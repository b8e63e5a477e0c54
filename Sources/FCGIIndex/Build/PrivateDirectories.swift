internal import Glibc
internal import POSIX

/// The directories that hold what belongs to people and to running services: keys, credentials, sockets.
struct PrivateDirectories: Hashable, Sendable {
    /// Those that are here, without symbolic links.
    let paths: [String]
    /// What of them has to be seen all the same, since programs lie there: for a directory `bin` on the path the one
    /// that it lies in.
    let programs: [String]

    /// - Parameters:
    ///   - path: the directories of programs, as in `$PATH`.
    ///   - home: this process's home directory.
    init(path: String, home: String?) {
        let paths = Self.present(
            (["/home", "/root", "/run"] + (home.map { [$0] } ?? [])).filter { $0 != "/" }
        )
        let directories = path.split(separator: ":").map(String.init)
        self.paths = paths
        let programs = Self.present(
            Self.present(directories).compactMap { directory in
                guard let above = paths.first(where: { directory.hasPrefix($0 + "/") }) else { return nil }
                // Not a whole home directory, for the sake of its own bin.
                let parent = Directory.parent(of: directory)
                let isHome = parent == above || Directory.parent(of: parent) == "/home"
                return isHome ? directory : parent
            }
        )
        // What lies in another of them is seen with it.
        self.programs = programs.filter { path in !programs.contains { path.hasPrefix($0 + "/") } }
    }

    /// Those of `paths` that are directories here, each once, without symbolic links.
    static func present(_ paths: [String]) -> [String] {
        let real = Set(
            paths.compactMap { path in
                (try? FileStatus(path: path))?.isDirectory == true ? try? File.resolve(path) : nil
            }
        )
        return real.subtracting(["/"]).sorted()
    }
}
