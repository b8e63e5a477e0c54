internal import Git
internal import PythonPackaging
internal import Synchronization

/// What tagged files say, remembered by blob: most tags share most files.
final class TreeFacts: Sendable {
    /// Blobs remembered; past it all are forgotten and read again when asked for.
    private static let limit = 65_536
    /// A pyproject.toml larger than this is not read.
    private static let largestFile = 1 << 20

    private let specifiers = Mutex<[ObjectID: String?]>([:])

    /// `requires-python` of the `pyproject.toml` in `directory`; `nil` where there is none, or none that is valid.
    func requiresPython(
        _ directory: String,
        _ tree: ObjectID,
        in repository: borrowing Repository
    ) throws(GitError) -> String? {
        let path = directory.isEmpty ? "pyproject.toml" : directory + "/pyproject.toml"
        guard let entry = try repository.entry(at: path, in: tree), entry.kind == .blob else { return nil }
        if let known = specifiers.withLock({ $0[entry.id] }) { return known }
        let value = Self.requiresPython(try repository.blob(entry.id, limit: Self.largestFile))
        specifiers.withLock {
            if $0.count >= Self.limit { $0.removeAll() }
            $0[entry.id] = .some(value)
        }
        return value
    }

    /// `[project] requires-python` (PEP 621) of a file's bytes.
    static func requiresPython(_ file: [UInt8]) -> String? {
        guard let value = TOMLValueFinder.string(at: ["project", "requires-python"], in: file) else {
            return nil
        }
        return VersionSpecifiers(value) == nil ? nil : value
    }
}
