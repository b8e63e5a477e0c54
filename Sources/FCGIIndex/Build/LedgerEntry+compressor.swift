internal import Archive

extension LedgerEntry {
    /// The compressor that the file would be made by now; none of ours for what is kept as it was built.
    var presentCompressor: String {
        let isAsBuilt = compressor == SourceArchive.unknownCompressor
        return isAsBuilt ? SourceArchive.unknownCompressor : SourceArchive.compressor
    }
}
