internal import Glibc
internal import POSIX

/// The machine's processes at one moment, from `/proc` (proc(5)).
struct ProcessTable {
    struct Entry: Hashable {
        let id: Int32
        let parent: Int32
        let group: Int32
        let session: Int32
        /// Clock ticks since the machine started.
        let started: UInt64
        /// It has ended and waits for its parent.
        let isZombie: Bool
    }

    let entries: [Int32: Entry]

    /// Reads the table. A process that ends meanwhile is left out.
    init() {
        var entries: [Int32: Entry] = [:]
        for name in (try? Directory.entries("/proc")) ?? [] {
            guard let id = Int32(name), let entry = Self.entry(id) else { continue }
            entries[id] = entry
        }
        self.entries = entries
    }

    /// One process; `nil` when there is none of this number.
    static func entry(_ id: Int32) -> Entry? {
        guard let bytes = try? File.read("/proc/\(id)/stat"), let end = bytes.lastIndex(of: 41) else {
            return nil
        }
        // The name before the last parenthesis may hold anything, spaces and parentheses included.
        let fields = bytes[(end + 1)...].split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 19, let parent = Int32(fields[1]), let group = Int32(fields[2]),
            let session = Int32(fields[3]), let started = UInt64(fields[19])
        else { return nil }
        return Entry(
            id: id,
            parent: parent,
            group: group,
            session: session,
            started: started,
            isZombie: fields[0] == "Z" || fields[0] == "X"
        )
    }

    /// `roots` and all processes below them.
    func withDescendants(_ roots: Set<Int32>) -> Set<Int32> {
        var found = roots
        var grew = true
        while grew {
            grew = false
            for entry in entries.values where found.contains(entry.parent) && !found.contains(entry.id) {
                found.insert(entry.id)
                grew = true
            }
        }
        return found
    }

    /// The live processes that were started with `variable` (`NAME=value`) in their environment. Those of
    /// other users cannot be read, and are not ours.
    func carrying(_ variable: String) -> Set<Int32> {
        let wanted = Array(variable.utf8)
        return Set(
            entries.values.lazy.filter { !$0.isZombie }.map(\.id).filter { id in
                guard let environment = try? File.read("/proc/\(id)/environ") else { return false }
                return environment.split(separator: 0).contains { $0.elementsEqual(wanted) }
            }
        )
    }
}
