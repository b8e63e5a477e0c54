/// What was negotiated by the headers that came lately: each client has its own, and always the same.
struct NegotiationMemo: Sendable {
    private let types = Memo<MediaType?>(limit: 64, longest: 512)
    private let encodings = Memo<ContentEncoding>(limit: 64, longest: 512)

    /// As `MediaType.negotiate(_:)`.
    func type(_ accept: String?) -> MediaType? {
        guard let accept else { return MediaType.negotiate(nil) }
        return types.value(for: accept, MediaType.negotiate)
    }

    /// As `ContentEncoding.negotiate(_:)`.
    func encoding(_ acceptEncoding: String?) -> ContentEncoding {
        guard let acceptEncoding else { return .identity }
        return encodings.value(for: acceptEncoding, ContentEncoding.negotiate)
    }
}
