internal import Glibc
internal import POSIX

/// What of a directory this process may read and others may not: passwords and keys of services whose group it is in.
struct PrivateFiles: Hashable, Sendable {
    /// Directories that others may not enter.
    private(set) var directories: [String] = []
    /// Files that others may not read, but for those in `directories`.
    private(set) var files: [String] = []

    /// Looks at all that lies below `directory`, one `lstat` each. Symbolic links are not followed; what cannot be read
    /// here is no secret of this process.
    init(below directory: String) { look(into: directory, deeply: true) }

    /// Looks at what lies in `directory` itself. Programs may lie beside it, in directories of any mode.
    init(in directory: String) { look(into: directory, deeply: false) }

    private mutating func look(into directory: String, deeply: Bool) {
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let type = Int(entry.pointee.d_type)
            guard [DT_REG, DT_UNKNOWN].contains(type) || deeply && type == DT_DIR else { continue }
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let name, name != ".", name != ".." else { continue }
            let path = "\(directory)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG where status.st_mode & S_IROTH == 0 && access(path, R_OK) == 0: files.append(path)
            case S_IFDIR where !deeply: continue
            case S_IFDIR where status.st_mode & S_IXOTH != 0: look(into: path, deeply: true)
            case S_IFDIR where access(path, X_OK) == 0: directories.append(path)
            default: continue
            }
        }
    }
}
