internal import Glibc

/// How much room a directory takes.
public enum DirectorySize {
    /// Entries that are looked at, at most: more of them count as more than any limit.
    static let entryLimit = 1_000_000

    /// The bytes that `path` and all below it take on the disk, or any number above `limit` as soon as that is
    /// passed. Symbolic links are not followed; what vanishes meanwhile counts nothing.
    ///
    /// A tree whose paths are too long for the system counts as more than any limit, since nobody could look into
    /// it.
    public static func of(_ path: String, limit: Int64) -> Int64 {
        var sum: Int64 = 0
        var entries = 0
        // Names are bytes: one that is not UTF-8 must not hide what lies below it.
        var waiting = [Array(path.utf8CString)]
        while let directory = waiting.popLast() {
            guard directory.count < 3500 else { return .max }
            let number = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard number >= 0, let stream = fdopendir(number) else { continue }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) {
                    $0.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
                }
                if name == [46, 0] || name == [46, 46, 0] { continue }
                var status = stat()
                guard fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                sum += Int64(status.st_blocks) * 512
                entries += 1
                if sum > limit { return sum }
                if entries > entryLimit { return .max }
                if status.st_mode & S_IFMT == S_IFDIR { waiting.append(directory.dropLast() + [47] + name) }
            }
        }
        return sum
    }
}
