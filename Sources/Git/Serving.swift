internal import POSIX

/// Prepares the library for a process that reads listings for days. Process-wide; called once, before anything is
/// opened. Objects are then not checked against their names when read, so a process that builds must not call it.
public func tuneGitForServing() { LibGit2.tuneForServing() }

/// Prepares the library on a thread of its own, for a process that opens a repository a little later: it reads all
/// certificates of the machine, which takes some milliseconds, though only fetching would need them.
public func prepareGitMeanwhile() {
    // Whoever opens a repository prepares the library where no thread can be had.
    try? Thread(named: "git") { LibGit2.prepare() }.detach()
}
