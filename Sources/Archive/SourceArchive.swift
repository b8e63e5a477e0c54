internal import Glibc
internal import POSIX

/// Source distributions in their canonical form: equal content gives equal bytes.
///
/// The tar inside depends on nothing but the members' paths, bodies, executable bits and links, on the top
/// directory's name and on the time: not on order, owner, umask, locale, time zone, or the back end's dialect
/// of tar. It is ustar with pax headers where needed (PEP 517 §source distributions: POSIX.1-2001 pax),
/// members sorted by the bytes of their paths, all of one time, owned by 0 without names, modes 0644 and
/// 0755, directories only where empty. The gzip around it depends on the compressor too.
public enum SourceArchive {
    /// The compressor of what is written in canonical form here and now, as `Repacked.compressor`.
    public static var compressor: String { GzipWriter.compressor }

    /// Reads the `.tar.gz` at `source`, which a build made and which is not trusted, and writes it in
    /// canonical form to the new file `destination`, with `topLevel` (such as `acme_core-1.0`) as its top
    /// directory.
    ///
    /// Blocks for as long as compressing takes. Memory does not grow with the members' bodies: they go
    /// through an unlinked file beside `destination`. On failure no file is left there.
    /// - Parameter time: every member's, in seconds since 1970; what ustar cannot hold becomes the nearest.
    /// - Throws: `ArchiveError`: what is wrong with the archive, or with this machine (`isInfrastructure`).
    public static func repack(
        _ source: String,
        to destination: String,
        topLevel: String,
        time: Int64,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) -> Repacked {
        try withPlainLocale { () throws(ArchiveError) in
            let reader = try MemberReader.open(source)
            let intake = try Intake.of(reader, beside: destination, limits: limits)
            let packageInfo = try intake.packageInfo()
            return try intake.write(to: destination, topLevel: topLevel, time: time, packageInfo: packageInfo)
        }
    }
}

/// What is taken in of an archive: its members checked one by one, their bodies in the spool.
struct Intake: ~Copyable {
    var spool: Spool
    var contents = Contents()
    let limits: ArchiveLimits

    init(spool: consuming Spool, limits: ArchiveLimits) {
        self.spool = spool
        self.limits = limits
    }

    /// Writes all of it to `destination`, where nothing is left if that fails.
    func write(to destination: String, topLevel: String, time: Int64, packageInfo: [UInt8])
        throws(ArchiveError) -> Repacked
    {
        let members = try contents.arranged()
        let writer = try TarWriter(creating: destination, top: topLevel, time: time)
        do throws(ArchiveError) {
            let written = try writer.finish(members, bodies: spool)
            return Repacked(
                packageInfo: packageInfo,
                tarSHA256: written.tar,
                sha256: written.sha256,
                size: written.size,
                compressor: GzipWriter.compressor
            )
        } catch {
            unlink(destination)
            throw error
        }
    }

    /// Reads every member of `reader`; bodies go through an unlinked file beside `path`.
    static func of(
        _ reader: borrowing MemberReader,
        beside path: String,
        limits: ArchiveLimits
    ) throws(ArchiveError) -> Intake {
        var intake: Intake
        do throws(SystemError) {
            intake = Intake(spool: try Spool(beside: path), limits: limits)
        } catch { throw .system(error) }
        try intake.take(reader)
        return intake
    }

    private mutating func take(_ reader: borrowing MemberReader) throws(ArchiveError) {
        let mostBytes = limits.bytes(compressed: reader.compressedSize)
        var announced: Int64 = 0
        var members = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while let entry = try reader.next() {
            let (total, overflow) = announced.addingReportingOverflow(max(entry.size, 0))
            if overflow || total > mostBytes { throw .tooLarge(.bytes) }
            announced = total
            members += 1
            if members > limits.members { throw .tooLarge(.members) }
            let path = try contents.place(entry.name)
            let kind = try kind(of: entry, from: reader, through: buffer)
            // Hatchling 1.2 wrote .gitignore twice.
            if try isRepeated(kind, at: path) { continue }
            try contents.add(path, kind)
        }
    }

    /// Whether there is a file at `path` with the same bytes and mode, so that it does not matter which one counts.
    private func isRepeated(_ kind: Contents.Kind, at path: MemberPath) throws(ArchiveError) -> Bool {
        guard case .file(let executable, let offset, let size) = kind,
            case .file(executable, let first, size)? = contents[path]
        else { return false }
        do throws(SystemError) {
            return try spool.isEqual(at: first, and: offset, count: size)
        } catch { throw .system(error) }
    }

    /// The `PKG-INFO` of the top directory.
    func packageInfo() throws(ArchiveError) -> [UInt8] {
        guard case .file(_, let offset, let size)? = contents[.packageInfo] else { throw .noPackageInfo }
        guard size <= limits.packageInfo else { throw .tooLarge(.packageInfo) }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        var failure: SystemError?
        bytes.withUnsafeMutableBytes { bytes in
            do throws(SystemError) { try spool.read(at: offset, into: bytes) } catch { failure = error }
        }
        if let failure { throw .system(failure) }
        return bytes
    }

    private mutating func kind(
        of entry: MemberReader.Entry,
        from reader: borrowing MemberReader,
        through buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) -> Contents.Kind {
        switch entry.kind {
        case .directory: return .directory
        case .symbolicLink(let target): return .symbolicLink(target)
        case .hardLink(let target): return .hardLink(try contents.place(target))
        case .other: throw .refused(.special, entry.name)
        case .file(let executable):
            let offset = spool.size
            try spoolBody(of: reader, through: buffer)
            guard spool.size - offset == entry.size else { throw .unreadable(message: "truncated body") }
            return .file(executable: executable, offset: offset, size: entry.size)
        }
    }

    private mutating func spoolBody(
        of reader: borrowing MemberReader,
        through buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) {
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { return }
            do throws(SystemError) {
                try spool.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            } catch { throw .system(error) }
        }
    }
}
