/// Prepares the library for a process that reads listings for days. Process-wide; called once, before anything is
/// opened. Objects are then not checked against their names when read, so a process that builds must not call it.
public func tuneGitForServing() { LibGit2.tuneForServing() }
