internal import Glibc

/// The machine's processors.
public enum Processors {
    /// How many are online, from 1. Asked for once: the C library opens a file to know.
    public static let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}
