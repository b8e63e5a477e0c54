internal import Glibc
internal import POSIX

extension LedgerFile {
    /// Adds whole lines in one write and blocks until they are on the disk. Only under the lock.
    ///
    /// On failure the file is as it was, or ends in a torn line where even cutting it failed.
    func append(_ lines: [UInt8]) throws(SystemError) {
        let isNew = try status() == nil
        let file = try Descriptor(opening: path, O_WRONLY | O_APPEND | O_CREAT)
        if isNew {
            guard fchmod(file.number, 0o640) == 0 else { throw SystemError("fchmod", path: path) }
        }
        let size = try FileStatus(of: file).size
        do throws(SystemError) {
            try file.write(lines)
            try file.synchronize()
        } catch {
            ftruncate(file.number, off_t(size))
            throw SystemError(error.call, path: path, code: error.code)
        }
        if isNew { try Directory.synchronize(directory) }
    }

    /// Moves a last line that a crash has torn to a file of its own, `ledger.torn-<n>`. Only under the lock.
    func repair() throws(SystemError) {
        guard let status = try status() else { return }
        let file = try Descriptor(opening: path, O_RDWR)
        let whole = try wholeSize(of: file, status.size)
        if whole == status.size { return }
        try setAside(try tail(of: file, whole..<status.size))
        guard ftruncate(file.number, off_t(whole)) == 0 else { throw SystemError("ftruncate", path: path) }
        try file.synchronize()
    }

    /// Whether the last line has no end: it is being written, or a crash has torn it.
    func isTorn() throws(SystemError) -> Bool {
        guard let size = try status()?.size, size > 0 else { return false }
        let file = try Descriptor(opening: path, O_RDONLY)
        return try tail(of: file, size - 1..<size) != [Self.newline]
    }

    /// The files that `repair()` has made.
    func setAside() throws(SystemError) -> [String] {
        try Directory.entries(directory).filter { $0.hasPrefix("ledger.torn-") }.sorted()
            .map { "\(directory)/\($0)" }
    }

    /// Bytes up to the end of the last whole line.
    private func wholeSize(of file: borrowing Descriptor, _ size: Int64) throws(SystemError) -> Int64 {
        var end = size
        while end > 0 {
            let start = max(0, end - 4096)
            let block = try tail(of: file, start..<end)
            if let newline = block.lastIndex(of: Self.newline) { return start + Int64(newline) + 1 }
            end = start
        }
        return 0
    }

    private func tail(of file: borrowing Descriptor, _ range: Range<Int64>) throws(SystemError) -> [UInt8] {
        guard lseek(file.number, off_t(range.lowerBound), SEEK_SET) >= 0 else {
            throw SystemError("lseek", path: path)
        }
        var bytes: [UInt8] = []
        while bytes.count < range.count {
            let more = try file.read(upTo: range.count - bytes.count)
            if more.isEmpty { throw SystemError("read", path: path, code: EIO) }
            bytes += more
        }
        return bytes
    }

    private func setAside(_ torn: [UInt8]) throws(SystemError) {
        var number = 1
        while File.exists(tornPath(number)) { number += 1 }
        try File.replace(tornPath(number), with: torn)
    }

    private func tornPath(_ number: Int) -> String {
        "\(directory)/ledger.torn-\(number)"
    }
}
