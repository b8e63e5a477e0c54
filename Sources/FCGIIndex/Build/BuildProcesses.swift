internal import Glibc

/// The processes of one build: found wherever they went, and ended.
struct BuildProcesses {
    /// The value of `PYINDEX_BUILD` that the recipe was started with: what it starts inherits it, a daemon with
    /// a session of its own too.
    let token: String
    /// The recipe's first process: its group and session are of the build as long as it is this very process.
    let leader: ProcessMark?

    /// How long killed processes may take to vanish; one in an uninterruptible call can take for ever.
    static let patience = Duration.seconds(5)

    /// Kills every process of the build, and reaps those that became this process's children; the leader
    /// itself stays for its parent to reap. Blocks until all have ended.
    ///
    /// - Returns: whether all have ended in time.
    @discardableResult
    func end() -> Bool {
        Self.untilGone { seen in
            let alive = members()
            seen.formUnion(alive)
            for id in alive { kill(id, SIGKILL) }
            for id in seen where id != leader?.id { waitpid(id, nil, WNOHANG) }
            return alive.isEmpty
        }
    }

    /// Kills and reaps every descendant of this process, whatever it is: for a process that does nothing but
    /// one build. As a subreaper (prctl(2)) it has the orphans among its children, so no child means no descendant.
    @discardableResult
    static func endDescendants() -> Bool {
        untilGone { _ in
            var ended: Int32
            repeat { ended = waitpid(-1, nil, WNOHANG) } while ended > 0
            if ended == -1 && errno == ECHILD { return true }
            let table = ProcessTable()
            for id in table.withDescendants([getpid()]) where id != getpid() { kill(id, SIGKILL) }
            return false
        }
    }

    private func members() -> Set<Int32> {
        let table = ProcessTable()
        var roots = table.carrying("\(BuildEnvironment.tokenName)=\(token)")
        if let leader, table.entries[leader.id]?.started == leader.started {
            for entry in table.entries.values where entry.group == leader.id || entry.session == leader.id {
                roots.insert(entry.id)
            }
        }
        return table.withDescendants(roots).filter { id in
            id != getpid() && table.entries[id]?.isZombie == false
        }
    }

    /// Repeats `round` until it says that nothing is left. What is killed may just have forked, so one round
    /// proves nothing.
    private static func untilGone(_ round: (inout Set<Int32>) -> Bool) -> Bool {
        let deadline = ContinuousClock.now + patience
        var seen: Set<Int32> = []
        while !round(&seen) {
            if ContinuousClock.now > deadline { return false }
            usleep(1000)
        }
        return true
    }
}
