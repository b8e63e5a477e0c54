internal import Digest
internal import POSIX

/// Writes the canonical tar, compressed, and hashes it before and after compression.
struct TarWriter: ~Copyable {
    private var hash = SHA256()
    private let output: GzipWriter
    private let top: [UInt8]
    private let time: Int64

    /// Writes to the new file at `path`; every member stands below the directory `top`.
    init(creating path: String, top: String, time: Int64) throws(ArchiveError) {
        output = try GzipWriter.create(path)
        self.top = Array(top.utf8)
        // What 11 octal digits hold. Earlier and later commits exist; their files get the nearest time.
        self.time = min(max(time, 0), 0o77_777_777_777)
    }

    /// Writes `members` in their order, bodies from `spool`, and ends the archive.
    consuming func finish(
        _ members: [Contents.Member],
        bodies spool: borrowing Spool
    ) throws(ArchiveError) -> (tar: SHA256Digest, sha256: SHA256Digest, size: Int64) {
        var executables: [MemberPath: Bool] = [:]
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        for member in members {
            if case .file(let executable, _, _) = member.kind { executables[member.path] = executable }
            try write(header(of: member, executables).bytes)
            guard case .file(_, let offset, let size) = member.kind else { continue }
            try write(spool, offset..<(offset + size), through: buffer)
            try write([UInt8](repeating: 0, count: TarHeader.padding(after: size)))
        }
        try write(TarHeader.end)
        let (sha256, size) = try output.finish()
        return (hash.finalize(), sha256, size)
    }

    private func header(of member: Contents.Member, _ executables: [MemberPath: Bool]) -> TarHeader {
        let path = fullPath(member.path)
        let kind: TarHeader.Kind =
            switch member.kind {
            case .file(let executable, _, let size): .file(executable: executable, size: size)
            case .directory: .directory
            case .symbolicLink(let target): .symbolicLink(target)
            case .hardLink(let target):
                .hardLink(fullPath(target), executable: executables[target] ?? false)
            }
        if case .directory = kind { return TarHeader(path: path + "/".utf8, kind: kind, time: time) }
        return TarHeader(path: path, kind: kind, time: time)
    }

    private func fullPath(_ path: MemberPath) -> [UInt8] {
        MemberPath(bytes: top).appending(path.bytes).bytes
    }

    private mutating func write(_ bytes: [UInt8]) throws(ArchiveError) {
        var failure: ArchiveError?
        bytes.withUnsafeBytes { bytes in
            do throws(ArchiveError) { try write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        hash.update(bytes)
        try output.write(bytes)
    }

    private mutating func write(
        _ spool: borrowing Spool,
        _ range: Range<Int64>,
        through buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let count = min(buffer.count, Int(range.upperBound - offset))
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
            do throws(SystemError) {
                try spool.read(at: offset, into: part)
            } catch { throw .system(error) }
            try write(UnsafeRawBufferPointer(part))
            offset += Int64(count)
        }
    }
}
