internal import PythonPackaging

/// Where a file lies in a source's folder.
struct FilePlace: Hashable, Sendable {
    /// The way from the source's folder to the directory; empty for that folder itself.
    let folder: String
    /// The file's name.
    let name: String

    init(folder: String, name: String) { (self.folder, self.name) = (folder, name) }

    /// Takes a path apart.
    init(path: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            self.init(folder: "", name: path)
            return
        }
        self.init(folder: String(path[..<slash]), name: String(path[path.utf8.index(after: slash)...]))
    }

    /// The way from the source's folder to the file.
    var path: String { folder.isEmpty ? name : "\(folder)/\(name)" }

    /// What the file's name says that it is; `nil` when it is no distribution's.
    ///
    /// An old source distribution's name does not say where its project ends: a directory above it that bears a
    /// project's name does.
    var distribution: DistributionFilename? {
        guard let file = DistributionFilename(name) else { return nil }
        guard case .legacySource = file else { return file }
        for directory in folder.split(separator: "/").reversed() {
            if let project = ProjectName(directory), let named = DistributionFilename(name, of: project) {
                return named
            }
        }
        return file
    }

    /// Why no file of this name is listed, whatever it is; `nil` where it may be.
    static func objection(to name: String) -> SkippedFile.Reason? {
        if name.hasPrefix(".") { return .hidden }
        return unfinished.contains(where: name.hasSuffix) ? .temporary : nil
    }

    private static let unfinished = [
        "~", ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp",
    ]
}
