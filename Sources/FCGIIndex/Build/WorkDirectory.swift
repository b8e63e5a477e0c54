internal import Glibc
internal import POSIX

/// The private directory of one build, removed at its end whatever happens.
struct WorkDirectory: Hashable, Sendable {
    /// `build-<identity>-<random>` in the cache's directory for temporary files, without symbolic links.
    let root: String

    /// The export, with the layout of the repository.
    var tree: String { root + "/tree" }
    /// The recipe's `HOME` and `TMPDIR`.
    var home: String { root + "/home" }
    var temporary: String { root + "/tmp" }
    /// What a sandbox shows as `/tmp` and `/var/tmp`, and as `/dev/shm`.
    var shared: String { root + "/shared" }
    var memory: String { root + "/memory" }

    /// Names a directory in `parent`, which must exist; makes nothing yet.
    init(in parent: String, token: String) throws(SystemError) {
        root = "\(try File.resolve(parent))/build-\(token)"
    }

    /// The directory of a dead build, as its note says; `nil` when it is none of that build's in `parent`.
    init?(abandoned path: String, in parent: String, token: String) {
        guard let own = try? WorkDirectory(in: parent, token: token), own.root == path else { return nil }
        self = own
    }

    /// Makes the directory and what is in it, for this user alone.
    func create() throws(SystemError) {
        for path in [root, tree, home, temporary, shared, memory] where mkdir(path, 0o700) != 0 {
            throw SystemError("mkdir", path: path)
        }
    }
}
