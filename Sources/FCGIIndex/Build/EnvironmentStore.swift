internal import FoundationEssentials
internal import Glibc
internal import POSIX

/// The environments that builds run in, made once per set of requirements and kept: `environments/<digest>` in the
/// cache directory.
///
/// Threads and processes share it. An environment counts from the moment its `complete.json` is there; who makes it
/// holds its lock alone, who builds in it holds the lock with others.
struct EnvironmentStore: Sendable {
    /// An environment that stays as long as this value lives.
    final class Lease: Sendable {
        /// The virtual environment.
        let directory: String
        let resolved: ResolvedEnvironment
        private let lock: FileLock.Held

        fileprivate init(_ directory: String, _ resolved: ResolvedEnvironment, _ lock: FileLock.Held) {
            self.directory = directory
            self.resolved = resolved
            self.lock = lock
        }
    }

    /// How many are kept, and how long after they were last used.
    static let limit = 32
    static let lifetime: Int64 = 30 * 86_400

    let root: String

    init(cacheDirectory: String) { root = cacheDirectory + "/environments" }

    /// A file that remembers which python is here.
    var interpreterMemory: String { root + "/interpreter.json" }

    /// Makes the directory, for this user alone.
    func prepare() throws(SystemError) { try Directory.create(root, mode: 0o700) }

    /// A place that only this process may fill, as long as this value lives.
    final class Vacancy: Sendable {
        /// Empty at first; the environment belongs into its `venv`.
        let folder: String
        private let lock: FileLock.Held

        fileprivate init(_ folder: String, _ lock: FileLock.Held) {
            self.folder = folder
            self.lock = lock
        }

        /// Says that the environment is whole: from now on it is found.
        func complete(_ resolved: ResolvedEnvironment) throws(BuildFailure) {
            do throws(SystemError) {
                let data = try? JSONEncoder().encode(resolved)
                try File.replace(EnvironmentStore.mark(folder), with: Array(data ?? Data()))
            } catch { throw BuildFailure(error, while: "making the build environment") }
        }
    }

    /// How a look for an environment ends.
    enum Attempt {
        case held(Lease)
        case absent(Vacancy)
        /// Another process makes it.
        case busy
    }

    /// Looks for the environment of `key`. Does not block.
    func attempt(_ key: EnvironmentKey) throws(BuildFailure) -> Attempt {
        let folder = "\(root)/\(key.digest)"
        if case .exactly(let wanted) = key.wish, let lease = lease(of: wanted) { return .held(lease) }
        do throws(SystemError) {
            if let lock = try FileLock.Held(folder + ".lock", isShared: true), let resolved = complete(folder)
            {
                return .held(Lease(folder + "/venv", resolved, lock))
            }
            guard let lock = try FileLock.Held(folder + ".lock", isShared: false) else { return .busy }
            // Another may have been quicker; it is found by the next look.
            if complete(folder) != nil { return .busy }
            try Directory.remove(folder)
            try Directory.create(folder, mode: 0o700)
            return .absent(Vacancy(folder, lock))
        } catch { throw BuildFailure(error, while: "making the build environment") }
    }

    /// One that holds just what is wanted, however it came to be.
    private func lease(of wanted: ResolvedEnvironment) -> Lease? {
        for name in (try? Directory.entries(root)) ?? [] where !name.contains(".") {
            let folder = "\(root)/\(name)"
            guard let lock = try? FileLock.Held(folder + ".lock", isShared: true) else { continue }
            if complete(folder, wanted: wanted) != nil { return Lease(folder + "/venv", wanted, lock) }
        }
        return nil
    }

    /// Removes those that were not used for long, and the oldest of too many; none that a build runs in.
    func sweep() {
        let now = Int64(time(nil))
        let names = (try? Directory.entries(root)) ?? []
        let used = names.filter { !$0.contains(".") }.map { name in
            let status = try? FileStatus(path: Self.mark("\(root)/\(name)"))
            return (name: name, time: (status?.modified ?? 0) / 1_000_000_000)
        }.sorted { $0.time > $1.time }
        for (place, entry) in used.enumerated() where place >= Self.limit || now - entry.time > Self.lifetime
        {
            let folder = "\(root)/\(entry.name)"
            guard let lock = try? FileLock.Held(folder + ".lock", isShared: false) else { continue }
            try? Directory.remove(folder)
            withExtendedLifetime(lock) {}
        }
    }

    /// What is installed in `folder`, which counts as used now; `nil` where that is not finished.
    private func complete(_ folder: String, wanted: ResolvedEnvironment? = nil) -> ResolvedEnvironment? {
        let path = Self.mark(folder)
        guard let bytes = try? File.read(path),
            let resolved = try? JSONDecoder().decode(ResolvedEnvironment.self, from: Data(bytes)),
            wanted == nil || wanted == resolved
        else { return nil }
        utimes(path, nil)
        return resolved
    }

    fileprivate static func mark(_ folder: String) -> String { folder + "/complete.json" }
}
