public import PythonPackaging
internal import Synchronization

extension Ledger {
    /// The published tags of `project` that moved, oldest first.
    public func moves(of project: ProjectName) -> [MovedTag] { state.withLock { $0.moves[project] ?? [] } }

    /// How often a published tag moved, of all projects.
    var moveCount: Int { state.withLock { $0.moves.values.reduce(0) { $0 + $1.count } } }

    /// Records tags that moved, and returns those that were not recorded yet, by this process or another.
    ///
    /// Blocks until the lines are on the disk. All are added, or none.
    func record(_ moves: [MovedTag]) throws(LedgerError) -> [MovedTag] {
        if let keeper {
            let added = state.withLock { state in
                let added = state.unknown(of: moves)
                state.assume(added)
                return added
            }
            if !added.isEmpty { keeper(Set(added.map(\.project))) }
            return added
        }
        var added: [MovedTag] = []
        try add { state throws(LedgerError) in
            added = state.unknown(of: moves)
            return added.map { .moved($0) }
        }
        return added
    }
}
