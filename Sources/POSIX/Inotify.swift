internal import CLinux
internal import Glibc

/// One inotify instance: watches directories and files, and tells what happened to them without blocking.
public struct Inotify: ~Copyable, Sendable {
    /// One thing that happened in or to a watched file.
    public struct Event: Hashable, Sendable {
        /// Which watch it belongs to, as `watch(_:for:)` returned it; -1 when events were lost (`IN_Q_OVERFLOW`).
        public let watch: Int32
        /// The bits of `inotify(7)`.
        public let mask: UInt32
        /// The entry of the watched directory; empty when the watched file itself is meant.
        public let name: String

        /// Events were dropped: everything must be read again.
        public var isOverflow: Bool { mask & UInt32(IN_Q_OVERFLOW) != 0 }
        /// The event is about the watched directory, not about an entry of it.
        public var concernsWatchItself: Bool { name.isEmpty }
        /// The watched directory was removed.
        public var isEnd: Bool { mask & UInt32(IN_DELETE_SELF | IN_IGNORED) != 0 }
        /// The entry came here or left by a renaming.
        public var isMove: Bool { mask & UInt32(IN_MOVED_FROM | IN_MOVED_TO) != 0 }
        /// The entry is whole: whoever wrote it closed it, or it came by a renaming.
        public var isWhole: Bool { mask & UInt32(IN_CLOSE_WRITE | IN_MOVED_TO) != 0 }
        /// Bytes were written to the entry.
        public var isWriting: Bool { mask & UInt32(IN_MODIFY) != 0 }
        /// The entry is a directory.
        public var isDirectory: Bool { mask & UInt32(IN_ISDIR) != 0 }
        /// The watch is gone, since its file was removed or unmounted.
        public var isGone: Bool { mask & UInt32(IN_IGNORED | IN_UNMOUNT) != 0 }
    }

    /// Entries made, removed, renamed, or written and closed, and the end of the directory itself.
    public static let entryChanges = UInt32(
        IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF
    )
    /// The same, and bytes written to entries, and their permissions or times set.
    public static let allChanges = entryChanges | UInt32(IN_MODIFY | IN_ATTRIB)
    /// Bytes written to the file, or the file replaced.
    public static let contentChanges = UInt32(IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF)

    private let descriptor: Descriptor

    /// Makes a non-blocking instance. Fails with `EMFILE` past `fs.inotify.max_user_instances`.
    public init() throws(SystemError) {
        descriptor = Descriptor(
            owning: try check("inotify_init1") { inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC)) }
        )
    }

    /// The descriptor's number, for `poll`.
    public var number: Int32 { descriptor.number }

    /// Watches `path`; the same path twice gives the same number. Fails with `ENOSPC` past `max_user_watches`.
    public func watch(_ path: String, for mask: UInt32) throws(SystemError) -> Int32 {
        let number = descriptor.number
        return try check("inotify_add_watch", path: path) { inotify_add_watch(number, path, mask) }
    }

    /// Ends a watch; one that is gone already is no error.
    public func unwatch(_ watch: Int32) {
        inotify_rm_watch(descriptor.number, watch)
    }

    /// The events since the last call, oldest first; empty when nothing happened. Never blocks.
    public func events() throws(SystemError) -> [Event] {
        var events: [Event] = []
        while true {
            let more = try nextBatch()
            if more.isEmpty { return events }
            events += more
        }
    }

    private func nextBatch() throws(SystemError) -> [Event] {
        let number = descriptor.number
        return try withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 8) {
            buffer throws(SystemError) -> [Event] in
            let count = read(number, buffer.baseAddress, buffer.count)
            if count < 0 {
                if errno == EAGAIN || errno == EINTR { return [] }
                throw SystemError("read", path: "inotify")
            }
            return Self.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer) -> [Event] {
        let header = MemoryLayout<inotify_event>.size
        var events: [Event] = []
        var offset = 0
        while offset + header <= bytes.count {
            let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let end = offset + header + Int(event.len)
            let name = bytes[(offset + header)..<end].prefix { $0 != 0 }
            events.append(
                Event(watch: event.wd, mask: event.mask, name: String(decoding: name, as: UTF8.self))
            )
            offset = end
        }
        return events
    }
}
