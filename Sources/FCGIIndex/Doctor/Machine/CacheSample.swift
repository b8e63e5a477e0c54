internal import Glibc
internal import POSIX

/// What lies in the cache for the web server to send: all of it, or of a large cache some thousands.
struct CacheSample {
    /// How many entries of a tree are looked at.
    private static let limit = 4000

    struct Entry {
        let path: String
        let status: FileStatus
    }

    private(set) var entries: [Entry] = []

    /// Reads the trees `names` of the cache. What goes meanwhile is passed over.
    init(cache: String, trees names: [String]) {
        for name in names {
            var rest = Self.limit
            read(cache + "/" + name, &rest)
        }
    }

    /// Follows links: folders are reached by them.
    private mutating func read(_ path: String, _ rest: inout Int, depth: Int = 0) {
        guard rest > 0, depth < 8, let status = try? FileStatus(path: path) else { return }
        rest -= 1
        entries.append(Entry(path: path, status: status))
        guard status.isDirectory else { return }
        for name in ((try? Directory.entries(path)) ?? []).sorted() {
            read(path + "/" + name, &rest, depth: depth + 1)
        }
    }
}
