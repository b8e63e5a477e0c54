internal import POSIX

/// Core metadata, read out of finished distributions. Nothing is unpacked to disk, followed or run.
public enum DistributionArchive {
    /// Where a distribution has its metadata.
    public enum Kind: Hashable, Sendable {
        /// `<name>-<version>.dist-info/METADATA` (PEP 427).
        case wheel
        /// `EGG-INFO/PKG-INFO`.
        case egg
        /// `<directory>/PKG-INFO`, of an archive of this format.
        case source(ArchiveFormat)

        var format: ArchiveFormat {
            switch self {
            case .wheel, .egg: .zip
            case .source(let format): format
            }
        }

        /// As messages name the place.
        var place: String {
            switch self {
            case .wheel: "METADATA in one *.dist-info directory"
            case .egg: "EGG-INFO/PKG-INFO"
            case .source: "PKG-INFO in its top directory"
            }
        }
    }

    /// Metadata as it was found.
    public struct Found: Hashable, Sendable {
        /// The directory that holds it; `acme_core-1.0.dist-info` of a wheel.
        public let directory: String
        /// The file, not looked into.
        public let bytes: [UInt8]
    }

    /// Compressed bytes of a tar up to which it is read to its end, and so known to be whole. Of a larger one
    /// nothing behind the metadata is read.
    private static let wholeSize: Int64 = 4 << 20

    /// Reads the metadata of the distribution at `path`, which is not trusted. Blocks.
    ///
    /// A zip is read by the list at its end, so that of its members only the metadata is unpacked.
    public static func metadata(
        of path: String,
        as kind: Kind,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(MetadataError) -> Found {
        try found(kind, limits, zip: { () throws(ArchiveError) in try ZipFile.open(path) }) {
            compression throws(ArchiveError) in try MemberReader.open(path, compression: compression)
        }
    }

    /// Reads the metadata of a distribution of which all bytes are at hand.
    public static func metadata(
        of bytes: UnsafeRawBufferPointer,
        as kind: Kind,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(MetadataError) -> Found {
        try found(kind, limits, zip: { () throws(ArchiveError) in ZipFile(bytes) }) {
            compression throws(ArchiveError) in try MemberReader.open(bytes, compression: compression)
        }
    }

    /// Reads the metadata of a wheel or an egg, of which only the parts are read that it takes.
    ///
    /// - Parameters:
    ///   - size: bytes of the whole.
    ///   - read: the bytes of a range, all of them, or `nil`.
    public static func metadata(
        size: Int64,
        as kind: Kind,
        limits: ArchiveLimits = ArchiveLimits(),
        read: (Range<Int64>) -> [UInt8]?
    ) throws(MetadataError) -> Found {
        var result: Result<Found, MetadataError>?
        withoutActuallyEscaping(read) { read in
            do throws(MetadataError) {
                let found = try found(
                    kind,
                    limits,
                    zip: { () throws(ArchiveError) in ZipFile(size: size, read: read) }
                ) {
                    _ throws(ArchiveError) in throw .unreadable(message: "not a zip")
                }
                result = .success(found)
            } catch { result = .failure(error) }
        }
        guard let result else { throw .unreadable(message: "not read") }
        return try result.get()
    }

    private static func found(
        _ kind: Kind,
        _ limits: ArchiveLimits,
        zip: () throws(ArchiveError) -> ZipFile,
        tar: (ArchiveFormat.Compression) throws(ArchiveError) -> MemberReader
    ) throws(MetadataError) -> Found {
        let search: Search
        do throws(ArchiveError) {
            search = try withPlainLocale { () throws(ArchiveError) in
                var search = Search(kind: kind, limits: limits)
                switch kind.format {
                case .zip: try search.run(try zip())
                case .tar(let compression):
                    let reader = try tar(compression)
                    try search.run(reader, isWhole: reader.compressedSize <= wholeSize)
                }
                return search
            }
        } catch { throw MetadataError(error) }
        if search.isAmbiguous { throw .ambiguous(kind.place) }
        guard let found = search.found else { throw .missing(kind.place) }
        return found
    }
}

/// One look through an archive.
private struct Search {
    let kind: DistributionArchive.Kind
    let limits: ArchiveLimits
    private(set) var found: DistributionArchive.Found?
    private(set) var isAmbiguous = false
    /// The only `*.dist-info` of a wheel.
    private var information: [UInt8]?

    init(kind: DistributionArchive.Kind, limits: ArchiveLimits) {
        self.kind = kind
        self.limits = limits
    }

    mutating func run(_ file: consuming ZipFile) throws(ArchiveError) {
        var list = try ZipList(file, limits: limits)
        var metadata: (entry: ZipList.Entry, directory: String)?
        var members = 0
        while let entry = try list.nextEntry() {
            members += 1
            if members > limits.members { throw .tooLarge(.members) }
            let components = try Self.components(of: entry.name)
            guard isMetadata(components), entry.isFile else { continue }
            if metadata != nil { isAmbiguous = true }
            metadata = (entry, String(decoding: components[0], as: UTF8.self))
        }
        guard let (entry, directory) = metadata, !isAmbiguous else { return }
        let bytes = try file.body(of: entry, limits: limits)
        found = DistributionArchive.Found(directory: directory, bytes: bytes)
    }

    mutating func run(_ reader: borrowing MemberReader, isWhole: Bool) throws(ArchiveError) {
        let mostBytes = limits.bytes(compressed: reader.compressedSize)
        var announced: Int64 = 0
        var members = 0
        while let entry = try reader.next() {
            members += 1
            if members > limits.members { throw .tooLarge(.members) }
            // Whatever comes next is behind this body, which is unpacked on the way there.
            let (total, overflow) = announced.addingReportingOverflow(max(entry.size, 0))
            if overflow || total > mostBytes { throw .tooLarge(.bytes) }
            announced = total
            let components = try Self.components(of: entry.name[...])
            guard isMetadata(components), case .file = entry.kind else { continue }
            if found != nil { isAmbiguous = true }
            if isAmbiguous { return }
            found = DistributionArchive.Found(
                directory: String(decoding: components[0], as: UTF8.self),
                bytes: try body(of: reader)
            )
            if !isWhole { return }
        }
    }

    private static func components(of name: ArraySlice<UInt8>) throws(ArchiveError) -> [ArraySlice<UInt8>] {
        if name.first == UInt8(ascii: "/") { throw .refused(.absolutePath, name) }
        let components = name.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        if components.contains(where: MemberPath.isParent) { throw .refused(.parentPath, name) }
        return components.filter { $0 != [UInt8(ascii: ".")] }
    }

    /// Whether the metadata has this path; notes a wheel's second `*.dist-info` on the way.
    private mutating func isMetadata(_ path: [ArraySlice<UInt8>]) -> Bool {
        guard path.count > 1 else { return false }
        switch kind {
        case .wheel:
            guard path[0].suffix(10).elementsEqual(".dist-info".utf8) else { return false }
            if let information, !path[0].elementsEqual(information) { isAmbiguous = true }
            information = Array(path[0])
            return path.count == 2 && path[1].elementsEqual("METADATA".utf8)
        case .egg:
            return path.count == 2 && path[0].elementsEqual("EGG-INFO".utf8)
                && path[1].elementsEqual("PKG-INFO".utf8)
        case .source:
            return path.count == 2 && path[1].elementsEqual("PKG-INFO".utf8)
        }
    }

    private func body(of reader: borrowing MemberReader) throws(ArchiveError) -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { return bytes }
            if bytes.count + count > limits.packageInfo { throw .tooLarge(.packageInfo) }
            bytes += UnsafeRawBufferPointer(rebasing: buffer[..<count])
        }
    }
}
