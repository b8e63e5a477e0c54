internal import Glibc
internal import Synchronization

/// Spares the looks at a file to which nothing happened: who wants to know whether it changed asks here first.
///
/// inotify tells, of the file itself and of its directory. Where it cannot tell everything, every look is taken: on
/// file systems that other machines write to, behind symbolic links, and past the limits of inotify.
public final class FileNews: Sendable {
    private let path: String
    private let state = ReadWriteLock(State.new)
    /// How many threads are taking events, which nobody else sees then.
    private let taking = Atomic(0)
    /// How often events were taken.
    private let taken = Atomic(1)
    /// After how many of these times a look found nothing, and in which second the last one did.
    private let settled = Atomic(0)
    private let looked = Atomic(0)

    private enum State {
        /// Nobody asked yet. A process that asks once, as for CGI, needs no watch.
        case new
        /// Asked once.
        case asked
        case watched(Watch)
        /// Nothing can tell, or not any more: the directory is another one now, or a link leads to the file.
        case unwatched
    }

    private struct Watch {
        let signal: InotifySignal
        /// The number of the directory's watch.
        let directory: Int32
    }

    /// Follows the file at `path`, which may be absent.
    public init(of path: String) { self.path = path }

    /// Whether the file changed, as `look` says, which compares it with what is known of it. It is asked only when
    /// something happened since it last said no, by `glance`, and once a second for what no event tells: another
    /// directory above its own, or a file system that is mounted there. Waits for no other thread's look.
    public func confirm(at glance: InotifyGlance, _ look: () -> Bool) -> Bool {
        guard let watch = current() else { return look() }
        if watch.signal.isRaised(at: glance) { take(watch) }
        // Where none waited, somebody is taking them, or has counted it.
        let isSettling = taking.load(ordering: .sequentiallyConsistent) > 0
        let taken = taken.load(ordering: .sequentiallyConsistent)
        if !isSettling, taken == settled.load(ordering: .acquiring),
            looked.load(ordering: .relaxed) == glance.second
        {
            return false
        }
        if look() { return true }
        settled.store(taken, ordering: .releasing)
        looked.store(glance.second, ordering: .relaxed)
        return false
    }

    /// What tells, made when it is asked for the second time.
    private func current() -> Watch? {
        switch state.read({ $0 }) {
        case .watched(let watch): return watch
        case .unwatched: return nil
        case .new, .asked: break
        }
        return state.write { state in
            switch state {
            case .new: state = .asked
            case .asked:
                let watch = try? Self.watch(path)
                state = watch.map { .watched($0) } ?? .unwatched
                return watch
            case .watched(let watch): return watch
            case .unwatched: break
            }
            return nil
        }
    }

    /// Takes the events, and counts it then: a look that was taken before does not answer for them.
    private func take(_ watch: Watch) {
        taking.add(1, ordering: .sequentiallyConsistent)
        defer {
            taken.add(1, ordering: .sequentiallyConsistent)
            taking.subtract(1, ordering: .sequentiallyConsistent)
        }
        do throws(SystemError) {
            let events = try watch.signal.inotify.events()
            let isDirectoryGone = events.contains {
                $0.isOverflow || ($0.watch == watch.directory && $0.concernsWatchItself)
            }
            guard !isDirectoryGone, try Self.follow(path, watch.signal) else {
                throw SystemError("inotify", path: path, code: ESTALE)
            }
        } catch { state.write { $0 = .unwatched } }
    }

    /// `nil` where not everything would be told.
    private static func watch(_ path: String) throws(SystemError) -> Watch? {
        let directory = Directory.parent(of: path)
        guard try File.resolve(directory) == directory else { return nil }
        if try RemoteFileSystem.holds(directory) { return nil }
        let signal = try InotifySignal()
        let mask = Inotify.entryChanges | UInt32(IN_MODIFY)
        let number = try signal.inotify.watch(directory, for: mask)
        return try follow(path, signal) ? Watch(signal: signal, directory: number) : nil
    }

    /// Watches what is at `path` now, if anything: it may have other names, and be mounted there alone. Whether it is
    /// no link.
    private static func follow(_ path: String, _ signal: InotifySignal) throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try signal.inotify.watch(path, for: Inotify.contentChanges | UInt32(IN_ATTRIB))
        } catch { if !error.isAbsence { throw error } }
        let status = try FileStatus.ifPresent(path, followingLinks: false)
        return status?.isSymbolicLink != true
    }
}
