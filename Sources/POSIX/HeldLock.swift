internal import Glibc

extension FileLock {
    /// A lock that is held as long as this value lives, alone or with others.
    public final class Held: Sendable {
        private let file: Descriptor

        /// Takes the lock at `path`, or returns `nil` at once where another holds it.
        ///
        /// - Parameter isShared: lets others hold it too that share it.
        public init?(_ path: String, isShared: Bool) throws(SystemError) {
            let file = try Descriptor(opening: path, O_RDWR | O_CREAT, mode: 0o600)
            let number = file.number
            do throws(SystemError) {
                try check("flock", path: path) { flock(number, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) }
            } catch {
                if error.code == EWOULDBLOCK { return nil }
                throw error
            }
            self.file = file
        }
    }
}
