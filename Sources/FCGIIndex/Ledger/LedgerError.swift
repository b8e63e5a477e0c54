public import POSIX

/// Why the ledger could not be read or written. Nothing was recorded then.
public enum LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The state directory does not exist.
    case noDirectory(String)
    /// A line that is no event, counted from 1.
    case unreadable(path: String, line: Int, message: String)
    /// Other bytes than the ledger names for this file, both as SHA-256: a URL's bytes never change.
    case contradiction(identity: Identity, recorded: String, new: String)
    /// An event that JSON cannot express.
    case unwritable(message: String)
    /// Somebody else is adding to it, and was not waited for.
    case busy
    /// A system call failed; nothing of the event is in the ledger.
    case system(SystemError)

    /// What is wrong with which file, and what to do.
    public var description: String {
        switch self {
        case .noDirectory(let path):
            "The state directory \(path) does not exist; make it, or correct state."
        case .unreadable(let path, let line, let message):
            "\(path):\(line): the ledger's line cannot be read (\(message)); "
                + "restore it from a backup, or take it out, and what it published is built again."
        case .contradiction(let identity, let recorded, let new):
            "The file \(identity) was published with sha256 \(recorded) and now has \(new); "
                + "the new bytes are not served under the old URL."
        case .unwritable(let message): "An event cannot be written to the ledger (\(message))."
        case .busy: "Another process is adding to the ledger."
        case .system(let error): "The ledger cannot be used: \(error)."
        }
    }
}
