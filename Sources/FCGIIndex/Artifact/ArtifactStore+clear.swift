public import POSIX

extension ArtifactStore {
    /// Removes every file and page. The ledger is not touched: what it names is built again when asked for.
    /// Blocks; no other process may be publishing.
    ///
    /// - Parameter withPages: whether pages are this user's; they are none of the builder's.
    public func clear(withPages: Bool = true) throws(SystemError) {
        for directory in ["files"] + (withPages ? ["pages"] : []) {
            try Directory.remove("\(root)/\(directory)")
        }
    }
}
