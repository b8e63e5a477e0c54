internal import Glibc
internal import POSIX
internal import Synchronization

/// Large listings as files, named by their content, which the web server sends faster than FastCGI carries them.
///
/// Several processes share the folder. A page in use is touched every minute; what was not touched for ten is
/// removed when the next page is written.
final class PageStore: Sendable {
    private static let touchInterval: Int64 = 60
    private static let lifetime: Int64 = 600

    /// The folder.
    let root: String
    private let group: Group?
    private let lastSweep = Mutex<Int64>(0)

    /// - Parameter root: the cache directory's `pages` folder, which exists.
    init(root: String, group: Group?) {
        self.root = root
        self.group = group
    }

    /// Writes the page under a name that its bytes decide; `nil` when that fails, and then it can still be sent through FastCGI.
    func publish(_ body: [UInt8], name: String) -> PageFile? {
        sweep()
        let page = PageFile(name: name, touched: Self.now)
        if touch(page) { return page }
        do {
            try File.replace("\(root)/\(name)", with: body, mode: 0o640, group: group?.id)
            return page
        } catch { return nil }
    }

    /// Keeps the page from being removed; false when it is gone and must be written again.
    func isAlive(_ page: PageFile) -> Bool {
        let now = Self.now
        if now - page.touched.load(ordering: .relaxed) < Self.touchInterval { return true }
        page.touched.store(now, ordering: .relaxed)
        return touch(page)
    }

    private func touch(_ page: PageFile) -> Bool { utimensat(AT_FDCWD, "\(root)/\(page.name)", nil, 0) == 0 }

    private func sweep() {
        let now = Self.now
        let isDue = lastSweep.withLock { last in
            if now - last < Self.touchInterval { return false }
            last = now
            return true
        }
        guard isDue, let names = try? Directory.entries(root) else { return }
        for name in names {
            let path = "\(root)/\(name)"
            guard let status = try? FileStatus(path: path, followingLinks: false) else { continue }
            if now - status.modified / 1_000_000_000 > Self.lifetime { unlink(path) }
        }
    }

    private static var now: Int64 { Int64(time(nil)) }
}

/// One page of the store.
final class PageFile: Sendable {
    /// Its file name: hexadecimal digits of the body's digest, and `.gz` where it is compressed.
    let name: String
    /// Seconds since 1970 of the last touch by this process.
    let touched: Atomic<Int64>

    init(name: String, touched: Int64) {
        self.name = name
        self.touched = Atomic(touched)
    }
}
