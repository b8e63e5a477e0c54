public import Digest
internal import Glibc
public import POSIX
public import PythonPackaging

/// Signs statements about published files, and has the ledger keep them.
public struct Attestor: Sendable {
    /// The key and its certificate.
    public let key: SigningKey
    private let builder: String?

    /// Reads the key and the certificate that `configuration` names; `nil` where it names none. Blocks.
    ///
    /// - Throws: what is wrong with which file.
    public init?(_ configuration: ProvenanceConfiguration) throws(AttestorError) {
        guard let signing = configuration.signing else { return nil }
        let certificate = try Self.read(signing.certificate) { pem throws(SigningError) in
            try Certificate(pem: pem)
        }
        key = try Self.read(signing.key) { pem throws(SigningError) in
            try SigningKey(pem: pem, certificate: certificate)
        }
        builder = configuration.builder
    }

    /// Whether the last attestation of `entry` is by this key's certificate, and intact.
    ///
    /// - Throws: where the ledger cannot be read.
    public func hasAttested(_ entry: LedgerEntry, in ledger: Ledger) throws(LedgerError) -> Bool {
        guard let attestation = try ledger.attestation(of: entry.identity) else { return false }
        return attestation.isBy(key.certificate) && attestation.isIntact
    }

    /// The published files whose last attestation is not by this key's certificate, or that have none; of one project, or
    /// of all. Reads a line of the ledger for each that has one.
    ///
    /// - Throws: where the ledger cannot be read.
    public func unattested(
        in ledger: Ledger,
        of project: ProjectName? = nil
    ) throws(LedgerError) -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        for name in ledger.published.sorted() where project == nil || name == project {
            for entry in ledger.entries(of: name) where try !hasAttested(entry, in: ledger) {
                entries.append(entry)
            }
        }
        return entries
    }

    /// Signs what the ledger says of the file `identity`, and records it. Blocks until that is on the disk.
    ///
    /// - Throws: why it is not recorded.
    public func attest(_ identity: Identity, in ledger: Ledger) throws(AttestorError) {
        do throws(LedgerError) {
            guard let entry = try ledger.published(identity) else { return }
            try ledger.record(try attestation(of: entry), of: entry)
        } catch { throw .ledger(error) }
    }

    private func attestation(of entry: LedgerEntry) throws(LedgerError) -> Attestation {
        do throws(SigningError) {
            return try Attestation(signing: Statement(entry, builder: builder).json, by: key)
        } catch { throw .unwritable(message: error.description) }
    }

    private static func read<Value>(
        _ path: String,
        _ parse: ([UInt8]) throws(SigningError) -> Value
    ) throws(AttestorError) -> Value {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path)
        } catch { throw .unreadable(error) }
        do throws(SigningError) {
            return try parse(bytes)
        } catch { throw .unusable(path: path, error) }
    }
}

/// Why files cannot be attested.
public enum AttestorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key or its certificate cannot be read.
    case unreadable(SystemError)
    /// The file is not what it should be.
    case unusable(path: String, SigningError)
    /// The ledger cannot be used.
    case ledger(LedgerError)

    /// What is wrong with what.
    public var description: String {
        switch self {
        case .unreadable(let error): "\(error)."
        case .unusable(let path, let error): "\(path): \(error)"
        case .ledger(let error): error.description
        }
    }
}
