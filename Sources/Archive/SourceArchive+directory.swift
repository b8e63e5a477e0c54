internal import Glibc
internal import POSIX

extension SourceArchive {
    /// Writes the files below `directory` in canonical form to the new file `destination`, with `topLevel` as their top
    /// directory, and `packageInfo` as a further file of it, `PKG-INFO`.
    ///
    /// Symbolic links stay what they are, and none that leads out of the directory is taken. Blocks for as long as
    /// compressing takes. On failure no file is left.
    /// - Parameter time: as of `repack`.
    /// - Throws: `ArchiveError`: what is wrong with the files, or with this machine (`isInfrastructure`).
    public static func pack(
        _ directory: String,
        packageInfo: [UInt8],
        to destination: String,
        topLevel: String,
        time: Int64,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) -> Repacked {
        let intake = try Intake.of(
            directory: directory,
            packageInfo: packageInfo,
            top: topLevel,
            beside: destination,
            limits: limits
        )
        return try intake.write(to: destination, topLevel: topLevel, time: time, packageInfo: packageInfo)
    }
}

extension Intake {
    /// Reads every file below `directory`; bodies go through an unlinked file beside `path`.
    fileprivate static func of(
        directory: String,
        packageInfo: [UInt8],
        top: String,
        beside path: String,
        limits: ArchiveLimits
    ) throws(ArchiveError) -> Intake {
        var intake: Intake
        do throws(SystemError) {
            intake = Intake(spool: try Spool(beside: path), limits: limits)
        } catch { throw .system(error) }
        var members = 0
        try intake.take(directory, as: top, &members)
        try intake.take(packageInfo, as: top + "/PKG-INFO")
        return intake
    }

    private mutating func take(
        _ path: String,
        as name: String,
        _ members: inout Int
    ) throws(ArchiveError) {
        let names: [String]
        do throws(SystemError) {
            names = try Directory.entries(path).sorted()
        } catch { throw .system(error) }
        for entry in names {
            members += 1
            if members > limits.members { throw .tooLarge(.members) }
            let (inner, member) = ("\(path)/\(entry)", "\(name)/\(entry)")
            let status: FileStatus
            var target: [UInt8]?
            do throws(SystemError) {
                status = try FileStatus(path: inner, followingLinks: false)
                if status.isSymbolicLink { target = Array(try File.target(of: inner).utf8) }
            } catch { throw .system(error) }
            if status.isDirectory {
                try take(inner, as: member, &members)
                continue
            }
            let place = try contents.place(Array(member.utf8))
            if let target {
                try contents.add(place, .symbolicLink(target))
            } else {
                try takeFile(inner, isExecutable: status.mode & 0o100 != 0, at: place)
            }
        }
    }

    private mutating func takeFile(
        _ path: String,
        isExecutable: Bool,
        at place: MemberPath
    ) throws(ArchiveError) {
        let offset = spool.size
        do throws(SystemError) {
            let file = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW)
            while true {
                let bytes = try file.read(upTo: 1 << 18)
                if bytes.isEmpty { break }
                try append(bytes)
            }
        } catch { throw .system(error) }
        if spool.size > limits.bytes { throw .tooLarge(.bytes) }
        try contents.add(place, .file(executable: isExecutable, offset: offset, size: spool.size - offset))
    }

    private mutating func take(_ bytes: [UInt8], as name: String) throws(ArchiveError) {
        let offset = spool.size
        do throws(SystemError) { try append(bytes) } catch { throw .system(error) }
        let place = try contents.place(Array(name.utf8))
        try contents.add(place, .file(executable: false, offset: offset, size: Int64(bytes.count)))
    }

    private mutating func append(_ bytes: [UInt8]) throws(SystemError) {
        var failure: SystemError?
        bytes.withUnsafeBytes { bytes in
            do throws(SystemError) { try spool.append(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
