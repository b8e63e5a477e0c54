internal import Glibc
public import POSIX

extension ArtifactStore {
    /// Where links of the sources' names lead to their folders: what the web server sends files of them by.
    public var sourcesDirectory: String { "\(root)/sources" }

    /// Makes a link for each folder by the name of its source. One that leads elsewhere is replaced at once, so
    /// that a file can be had at any moment.
    public func link(folders: [String: String]) throws(SystemError) {
        if folders.isEmpty && !File.exists(sourcesDirectory) { return }
        try Directory.create(sourcesDirectory, mode: Self.directoryMode, group: group?.id)
        try adjust(sourcesDirectory)
        for (name, folder) in folders { try File.link("\(sourcesDirectory)/\(name)", to: folder) }
    }

    /// Removes the links of all folders but those named, once no answer leads to them any more.
    public func unlinkFolders(except names: Set<String>) throws(SystemError) {
        if !File.exists(sourcesDirectory) { return }
        for name in try Directory.entries(sourcesDirectory) where !names.contains(name) {
            unlink("\(sourcesDirectory)/\(name)")
        }
    }
}
