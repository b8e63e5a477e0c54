/// What is wrong with a metadata file, in one sentence.
public struct CoreMetadataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence; it holds nothing of the file but names of fields.
    public let description: String

    init(_ description: String) { self.description = description }
}
