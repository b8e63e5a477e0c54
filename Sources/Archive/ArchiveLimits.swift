/// How much an archive may hold before it is refused.
public struct ArchiveLimits: Hashable, Sendable {
    /// Bytes of all members together, unpacked; at most 8 GiB less one byte, the largest size a ustar header
    /// holds. Bodies that a header announces count before they are read.
    public var bytes: Int64 = 2 << 30
    /// Members, directories included.
    public var members = 100_000
    /// Unpacked bytes for one byte of the compressed file. Deflate itself ends at 1032.
    public var ratio: Int64 = 200
    /// Up to this many unpacked bytes any ratio is accepted: a package of zeros is small all the same.
    public var ratioFrom: Int64 = 64 << 20
    /// Bytes of `PKG-INFO`, which is kept in memory.
    public var packageInfo = 8 << 20
    /// Bytes of the list of members at the end of a zip, which is kept in memory.
    public var zipList: Int64 = 16 << 20

    /// The limits the index builds with.
    public init() {}

    /// The most bytes an archive of `compressed` bytes may unpack to.
    func bytes(compressed: Int64) -> Int64 {
        let (product, overflow) = compressed.multipliedReportingOverflow(by: ratio)
        return min(bytes, max(overflow ? .max : product, ratioFrom), 8 << 30 - 1)
    }
}
