internal import Glibc
internal import POSIX

/// What a confined program reaches besides the read-only system.
///
/// All paths are absolute and without symbolic links, since bubblewrap cannot follow them.
struct Confinement: Hashable, Sendable {
    /// Written by the program: all of it, and parts of it in place of `/tmp`, `/var/tmp` and `/dev/shm`, so that
    /// whatever is written lies in it.
    var work: WorkDirectory
    /// Directories that are empty inside, but for what of the others lies in them.
    var hidden: [String] = []
    /// Files that cannot be read inside. Those in `hidden` are not there.
    var masked: [String] = []
    /// Directories of people and of running services, which are empty inside but for `programs`.
    var homes: [String] = []
    /// Where programs lie in directories of people.
    var programs: [String] = []
    /// Shown, and not written.
    var readable: [String] = []
    /// Shown, and written.
    var writable: [String] = []
    /// Whether the machine's network is reached.
    var hasNetwork = false

    /// The arguments for bubblewrap.
    var mounts: [String] {
        let temporary = [
            "--bind", work.shared, "/tmp", "--bind", work.shared, "/var/tmp", "--bind", work.memory,
            "/dev/shm",
        ]
        // A directory above another must be covered first, or it would cover the other's cover.
        let above = homes.sorted().flatMap { ["--tmpfs", $0] } + programs.sorted().flatMap { Self.shown($0) }
        let hidden = Set(hidden).sorted()
        let covers = hidden.flatMap { ["--tmpfs", $0] } + readable.sorted().flatMap { Self.shown($0) }
        let bare = Set(masked).filter { path in !hidden.contains { path.hasPrefix($0 + "/") } }
        let masks = bare.sorted().flatMap { ["--ro-bind", "/dev/null", $0] }
        let own = (writable + [work.root]).flatMap { ["--bind", $0, $0] }
        // Sealed last: until then they must take the mount points of the others.
        let seals = (homes + hidden + ["/dev"]).flatMap { ["--remount-ro", $0] }
        return temporary + above + covers + masks + resolver + own + seals
    }

    /// Where names are looked up, if that lies in a directory of services.
    private var resolver: [String] {
        guard hasNetwork, let file = try? File.resolve("/etc/resolv.conf"), file.hasPrefix("/run/")
        else { return [] }
        return Self.shown(file)
    }

    private static func shown(_ path: String) -> [String] { ["--ro-bind", path, path] }
}
