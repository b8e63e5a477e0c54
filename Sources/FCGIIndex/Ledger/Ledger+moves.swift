public import PythonPackaging
internal import Synchronization

extension Ledger {
    /// The published tags of `project` that moved, oldest first.
    public func moves(of project: ProjectName) -> [MovedTag] { state.withLock { $0.moves[project] ?? [] } }

    /// Records tags that moved, and returns those that were not recorded yet, by this process or another.
    ///
    /// Blocks until the lines are on the disk. All are added, or none.
    func record(_ moves: [MovedTag]) throws(LedgerError) -> [MovedTag] {
        var added: [MovedTag] = []
        try add { state throws(LedgerError) in
            added = moves.compactMap { move in
                let known = state.moves[move.project]?.last {
                    $0.source == move.source && $0.tag == move.tag
                }
                guard let known else { return move }
                return known.newCommit == move.newCommit ? nil : move.from(known.newCommit)
            }
            return added.map { .moved($0) }
        }
        return added
    }
}
