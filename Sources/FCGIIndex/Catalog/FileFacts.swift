internal import Digest

/// What is learnt of a distribution by reading all of it once.
struct FileFacts: Hashable, Sendable {
    let sha256: SHA256Digest
    /// Of the metadata inside; `nil` where none may be offered beside the file.
    let metadataSHA256: SHA256Digest?
    /// Valid specifiers, as written; `nil` where there are none.
    let requiresPython: String?
    /// Why the file is offered without metadata, in one sentence; `nil` where nothing is wrong with it.
    let problem: String?
}
