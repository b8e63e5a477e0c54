internal import Glibc
internal import POSIX
internal import Synchronization

/// Pages of another server, each with the time when it was last known to be right.
struct KeptPages: Sendable {
    private enum Place {
        /// One file each, replaced at once; its time is that of the page. Several processes share the directory.
        case disk(directory: String, group: Group?)
        /// For as long as this process lives, and nowhere else.
        case memory(Memory)
    }

    private final class Memory: Sendable {
        struct Entry: Sendable {
            let page: KeptPage
            let checked: Int64
        }

        let pages: Mutex<LeastRecentlyUsed<String, Entry>>

        init(bytes: Int) { pages = Mutex(LeastRecentlyUsed(limit: bytes)) }
    }

    private let place: Place

    /// - Parameter directory: made with the first page. What is above it leads to files of the web server's too.
    init(directory: String, group: Group?) { place = .disk(directory: directory, group: group) }

    /// - Parameter bytes: of pages that are held; past it those go that were asked for longest ago.
    init(inMemory bytes: Int) { place = .memory(Memory(bytes: bytes)) }

    /// The page called `name` and when it was last known to be right, in nanoseconds since 1970; `nil` where none is kept.
    func page(_ name: String) throws(SystemError) -> (page: KeptPage, checked: Int64)? {
        switch place {
        case .disk(let directory, _):
            guard let checked = checked(name), let bytes = try File.readIfPresent("\(directory)/\(name)"),
                let page = KeptPage(file: bytes)
            else { return nil }
            return (page, checked)
        case .memory(let memory):
            return memory.pages.withLock { $0[name] }.map { ($0.value.page, $0.value.checked) }
        }
    }

    /// When the page was last known to be right, in nanoseconds since 1970. One `stat`.
    func checked(_ name: String) -> Int64? {
        switch place {
        case .disk(let directory, _):
            (try? FileStatus(path: "\(directory)/\(name)", followingLinks: false))?.modified
        case .memory(let memory): memory.pages.withLock { $0[name]?.value.checked }
        }
    }

    /// Keeps a page that came just now.
    func keep(_ page: KeptPage, as name: String) throws(SystemError) {
        switch place {
        case .disk(let directory, let group):
            try Directory.create(directory, mode: ArtifactStore.directoryMode, group: group?.id)
            try File.replace("\(directory)/\(name)", with: page.fileHead, then: page.body, mode: 0o640)
        case .memory(let memory):
            let entry = Memory.Entry(page: page, checked: WallClock.now)
            memory.pages.withLock { $0.insert(entry, for: name, weight: page.body.count) }
        }
    }

    /// Notes that the page is right as of now.
    func touch(_ name: String) {
        switch place {
        case .disk(let directory, _): utimensat(AT_FDCWD, "\(directory)/\(name)", nil, 0)
        case .memory(let memory):
            memory.pages.withLock { pages in
                guard let entry = pages[name] else { return }
                let renewed = Memory.Entry(page: entry.value.page, checked: WallClock.now)
                pages.insert(renewed, for: name, weight: renewed.page.body.count)
            }
        }
    }

    /// Forgets a page that is no more.
    func remove(_ name: String) {
        switch place {
        case .disk(let directory, _): unlink("\(directory)/\(name)")
        case .memory(let memory): memory.pages.withLock { $0.remove(name) }
        }
    }
}
