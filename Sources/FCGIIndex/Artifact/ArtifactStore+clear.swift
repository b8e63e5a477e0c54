public import POSIX

extension ArtifactStore {
    /// Removes every file and page. The ledger is not touched: what it names is built again when asked for.
    /// Blocks; no other process may be publishing.
    public func clear() throws(SystemError) {
        for directory in ["files", "pages"] { try Directory.remove("\(root)/\(directory)") }
    }
}
