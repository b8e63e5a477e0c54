public import POSIX

/// Why the catalog cannot be used. Nothing is lost: it holds only what can be computed again.
public enum CatalogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The state directory is on a file system that SQLite cannot share between processes.
    case remote(directory: String)
    /// The file is damaged, or no database at all; the message is SQLite's.
    case corrupt(path: String, message: String)
    /// A newer version of this program wrote it.
    case newer(path: String)
    /// It is another program's database.
    case foreign(path: String)
    /// SQLite could not do it, for a full disk or for want of permission; the message is SQLite's.
    case failed(path: String, message: String)
    /// A system call failed.
    case system(SystemError)

    /// What is wrong with which file, and what to do.
    public var description: String {
        switch self {
        case .remote(let directory):
            "The state directory \(directory) is on a network file system, where SQLite's write-ahead log does not "
                + "work; set state to a directory on a disk of this machine."
        case .corrupt(let path, let message):
            "The catalog \(path) is damaged (\(message)); \(Self.remedy(path))"
        case .newer(let path):
            "The catalog \(path) was written by a newer version of this program; run that one, or "
                + Self.remedy(path).prefix(1).lowercased() + Self.remedy(path).dropFirst()
        case .foreign(let path):
            "\(path) is another program's database; set state to a directory of its own."
        case .failed(let path, let message): "The catalog \(path) cannot be used (\(message))."
        case .system(let error): "The catalog cannot be used: \(error)."
        }
    }

    private static func remedy(_ path: String) -> String {
        "stop what uses it and delete it (rm \(path)*): it is made anew from the ledger and the files."
    }
}
