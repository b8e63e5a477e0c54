internal import Glibc
internal import POSIX
internal import PythonPackaging

extension ArtifactStore {
    /// Puts metadata of a file that lies elsewhere where it would lie beside it, and blocks until it is on the disk.
    ///
    /// - Parameter time: seconds since 1970; the web server's Last-Modified and ETag come of it.
    func publish(
        metadata: [UInt8],
        of file: DistributionFilename,
        project: ProjectName,
        identity: Identity,
        time: Int64
    ) throws(SystemError) {
        try makeDirectory(project, identity)
        try publish(
            metadata,
            through: "\(temporaryDirectory)/\(Self.metadataPrefix)\(Temporary.suffix())",
            at: metadataPath(of: file, project: project, identity: identity),
            time: time
        )
    }

    /// Removes metadata that nobody finished within an hour: the process that wrote it was killed.
    func sweepMetadata() throws(SystemError) -> [String] {
        let limit = Self.now - 3600 * 1_000_000_000
        return try sweep { name, status in name.hasPrefix(Self.metadataPrefix) && status.changed < limit }
    }

    private static let metadataPrefix = "metadata-"

    /// Makes the file's directory and sees to it that a crash does not lose the way to it.
    func makeDirectory(_ project: ProjectName, _ identity: Identity) throws(SystemError) {
        let directory = directory(project, identity)
        if File.exists(directory) { return }
        try Directory.create(directory, mode: Self.directoryMode, group: group?.id)
        try Directory.synchronize(Directory.parent(of: directory))
        try Directory.synchronize(filesDirectory)
    }

    /// By way of the new file `temporary`, on the same file system.
    func publish(
        _ bytes: [UInt8],
        through temporary: String,
        at path: String,
        time: Int64
    ) throws(SystemError) {
        if try File.readIfPresent(path) == bytes { return }
        do throws(SystemError) {
            let file = try Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL)
            try file.write(bytes)
            try publish(file, from: temporary, to: path, time: time)
        } catch {
            unlink(temporary)
            throw SystemError(error.call, path: error.path ?? path, code: error.code)
        }
    }

    func publish(_ temporary: String, at path: String, time: Int64) throws(SystemError) {
        if File.exists(path) {
            if try Self.areEqual(temporary, path) {
                unlink(temporary)
                // Whoever put it there may not have come so far.
                try Directory.synchronize(Directory.parent(of: path))
                return
            }
        }
        let file = try Descriptor(opening: temporary, O_RDONLY | O_NOFOLLOW)
        try publish(file, from: temporary, to: path, time: time)
    }

    private func publish(
        _ file: borrowing Descriptor,
        from temporary: String,
        to path: String,
        time: Int64
    ) throws(SystemError) {
        let moment = timespec(tv_sec: time_t(time), tv_nsec: 0)
        guard futimens(file.number, [moment, moment]) == 0 else { throw SystemError("futimens", path: path) }
        try File.publish(file, from: temporary, to: path, mode: Self.fileMode, group: group?.id)
    }

    private static func areEqual(_ left: String, _ right: String) throws(SystemError) -> Bool {
        let first = try Descriptor(opening: left, O_RDONLY)
        let second = try Descriptor(opening: right, O_RDONLY)
        guard try FileStatus(of: first).size == FileStatus(of: second).size else { return false }
        while true {
            let block = try first.read(upTo: 1 << 18)
            if try block != second.read(upTo: 1 << 18) { return false }
            if block.isEmpty { return true }
        }
    }

    func adjust(_ path: String) throws(SystemError) {
        let status = try FileStatus(path: path)
        if let group, status.group != group.id {
            guard chown(path, uid_t.max, group.id) == 0 else { throw SystemError("chown", path: path) }
        }
        let isRight =
            status.mode & 0o7777 == Self.directoryMode && (group == nil || status.group == group?.id)
        if isRight { return }
        guard chmod(path, Self.directoryMode) == 0 else { throw SystemError("chmod", path: path) }
    }
}
