/// Why nothing can be signed. Each is one sentence about what the administrator gave.
public enum SigningError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no private key in PEM, or one that a password protects.
    case unreadableKey
    /// It is a key of another kind than ECDSA on the curve P-256.
    case wrongKey
    /// It is no X.509 certificate in PEM.
    case unreadableCertificate
    /// The certificate is another key's.
    case otherCertificate
    /// The library did not sign.
    case failed

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .unreadableKey: "it is no private key in PEM without a password."
        case .wrongKey:
            "it is no ECDSA key on the curve P-256, which PEP 740 demands; make one: openssl genpkey -algorithm EC "
                + "-pkeyopt ec_paramgen_curve:P-256"
        case .unreadableCertificate: "it is no X.509 certificate in PEM."
        case .otherCertificate: "it is the certificate of another key."
        case .failed: "the library that signs has failed."
        }
    }
}
