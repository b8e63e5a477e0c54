internal import Digest
internal import Synchronization

/// The circuits of those who bring their own tokens: one whose hour is used up says nothing about the others.
final class PersonalCircuits: Sendable {
    private let circuits = Mutex(LeastRecentlyUsed<SHA256Digest, Circuit>(limit: 1024))
    /// The one that was asked for last.
    private let latest = Mutex<Circuit?>(nil)

    /// The circuit of whoever asks.
    subscript(scope: SHA256Digest) -> Circuit {
        let circuit = circuits.withLock { circuits in
            if let known = circuits[scope] { return known.value }
            let circuit = Circuit()
            circuits.insert(circuit, for: scope, weight: 1)
            return circuit
        }
        latest.withLock { $0 = circuit }
        return circuit
    }

    /// When GitHub answered whoever asked last, in nanoseconds since 1970.
    var lastSuccess: Int64? { latest.withLock { $0 }?.condition(of: "").lastRead }
}
