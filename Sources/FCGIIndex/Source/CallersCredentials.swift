internal import Digest
internal import FoundationEssentials

/// The user name and the password that a request brings for another server (RFC 7617). They are never kept, written or
/// logged; what is kept for those who bring them is known by ``scope`` alone.
struct CallersCredentials: Hashable, Sendable {
    let user: String
    let password: String

    /// Those of the request that this thread answers; `nil` where it brings none.
    @TaskLocal static var current: CallersCredentials?

    /// Reads the value of `Authorization`; `nil` for what is none of this scheme.
    init?(authorization: String) {
        guard authorization.utf8.count <= 4096 else { return nil }
        let words = authorization.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "basic",
            let bytes = Data(base64Encoded: String(words[1])),
            let text = String(validating: bytes, as: UTF8.self), let colon = text.firstIndex(of: ":")
        else { return nil }
        let password = text[text.index(after: colon)...]
        // It becomes a header line's.
        guard !password.isEmpty, password.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        (user, self.password) = (String(text[..<colon]), String(password))
    }

    /// The same for the same user name and password, as long as this process lives, and for no others; nobody can make
    /// them, or try some, out of it.
    var scope: SHA256Digest {
        SHA256.hash(Self.secret + user.lowercased().utf8 + [0] + password.utf8)
    }

    /// Of a fixed length, so that what stands behind it is told apart from it.
    private static let secret: [UInt8] = {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }()
}

extension CallersCredentials? {
    /// Runs `body`, to which these are those of the request; where there are none, as it is.
    func lending<Value>(_ body: () -> Value) -> Value {
        guard let self else { return body() }
        return CallersCredentials.$current.withValue(self, operation: body)
    }
}
