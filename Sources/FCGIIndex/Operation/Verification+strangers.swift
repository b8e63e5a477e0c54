internal import POSIX
internal import PythonPackaging

extension Verification {
    /// What lies among the published files and is in no ledger line. Reported, and left where it is.
    func strangers() -> [Finding] {
        do throws(SystemError) {
            var unknown: [String] = []
            for project in try Self.names(in: store.filesDirectory) {
                if let only = self.project, only.normalized != project { continue }
                for identity in try Self.names(in: "\(store.filesDirectory)/\(project)") {
                    let directory = "\(store.filesDirectory)/\(project)/\(identity)"
                    for name in try Self.names(in: directory) where !isKnown(name, project, identity) {
                        unknown.append("\(project)/\(identity)/\(name)")
                    }
                }
            }
            if unknown.isEmpty { return [] }
            // The record comes after the bytes: what was published meanwhile is in the ledger by now.
            _ = try? ledger.refresh()
            return unknown.filter { path in
                let parts = path.split(separator: "/", maxSplits: 2).map(String.init)
                return !isKnown(parts[2], parts[0], parts[1])
            }
            .map { path in
                .warning(
                    "\(store.filesDirectory)/\(path): no ledger line names it, and the web server hands it out. A "
                        + "build that died left it, or somebody else; remove it."
                )
            }
        } catch { return [.error("\(error). Verify as the user that serves.")] }
    }

    /// Whether the ledger names the file, or a running build is about to.
    private func isKnown(_ name: String, _ project: String, _ identity: String) -> Bool {
        guard let identity = Identity(identity) else { return false }
        guard let entry = ledger.entry(for: identity) else {
            let isOfFolder = name.hasSuffix(".metadata") && !configuration.directories.isEmpty
            let record = BuildRecord(stateDirectory: configuration.stateDirectory, identity: identity)
            return isOfFolder || record.isBuilding
        }
        guard entry.key.project.normalized == project else { return false }
        return name == entry.file || entry.metadataSHA256 != nil && name == entry.file + ".metadata"
    }

    /// The entries of a directory by name; of what is no directory, or not there, none.
    private static func names(in directory: String) throws(SystemError) -> [String] {
        do throws(SystemError) {
            return try Directory.entries(directory).sorted()
        } catch {
            if error.isAbsence { return [] }
            throw error
        }
    }
}
