/// What building a published file once more gave, beside what the ledger says of it.
public enum Rebuilt: Hashable, Sendable {
    /// The file, byte for byte.
    case sameBytes
    /// The same tar, compressed otherwise: by this compressor.
    case sameContent(compressor: String)
    /// Another tar, with this SHA-256 in hexadecimal digits.
    case otherContent(tarSHA256: String)
    /// No file, for this reason.
    case failed(BuildFailure)
    /// Nothing was built, since recipe, format or source are not those of then: why, in one sentence.
    case notComparable(String)
}
