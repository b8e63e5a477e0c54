public import POSIX

/// Why no listening socket could be had.
public enum ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process accepts connections there.
    case live(String)
    /// Something that is no socket stands there.
    case occupied(String)
    /// A Unix socket's path has a limit that the kernel sets.
    case pathTooLong(String, limit: Int)
    /// The descriptor that should have been inherited is no listening socket.
    case notListening(Int32)
    /// A system call failed.
    case system(SystemError)

    /// As it is written in messages and files.
    public var description: String {
        switch self {
        case .live(let address):
            "\(address): another process is answering there. Stop it, or listen elsewhere."
        case .occupied(let path):
            "\(path): a file that is no socket stands there. Move it, or listen elsewhere."
        case .pathTooLong(let path, let limit):
            "\(path): the path of a socket may have \(limit) bytes. Choose a shorter one."
        case .notListening(let number):
            "Descriptor \(number) is no listening socket. Start by spawn-fcgi, mod_fcgid or a systemd socket unit, "
                + "or configure an address to listen on."
        case .system(let error): "\(error)."
        }
    }
}
