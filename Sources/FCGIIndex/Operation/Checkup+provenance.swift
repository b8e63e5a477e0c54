internal import Digest
internal import Glibc
internal import POSIX

/// Whether what is built can be attested, and is.
extension Checkup {
    func provenance() -> [Finding] {
        guard let signing = configuration.provenance.signing else { return [] }
        // With a builder, the key is none of the responder's business.
        if configuration.build.builder != nil && access(signing.key, R_OK) != 0 {
            return [.ok("provenance: \(signing.key) is the builder's alone.")] + announcement()
        }
        do throws(AttestorError) {
            guard let attestor = try Attestor(configuration.provenance) else { return [] }
            return [Self.validity(of: attestor.key.certificate, in: signing.certificate)]
                + exposure(of: signing.key) + unattested(attestor) + announcement()
        } catch { return [.error("provenance: \(error)")] }
    }

    private static func validity(of certificate: Certificate, in path: String) -> Finding {
        let (begin, end) = certificate.validity
        let now = Int64(time(nil))
        if now < begin { return .error("provenance: \(path) counts only from \(Timestamp(begin)) on.") }
        if now > end {
            return .error(
                "provenance: \(path) has expired on \(Timestamp(end)); have it renewed, then: pyindex-fcgi attest"
            )
        }
        let days = (end - now) / 86_400
        if days < 30 {
            return .warning("provenance: \(path) expires in \(days) days, and no verifier takes it then.")
        }
        return .ok("provenance: built files are attested; \(path) counts until \(Timestamp(end)).")
    }

    /// A build must not get hold of the key.
    private func exposure(of key: String) -> [Finding] {
        var findings: [Finding] = []
        if let status = try? FileStatus(path: key), status.mode & 0o077 != 0 {
            findings.append(.warning("provenance: others than its owner may read \(key): chmod 600 \(key)"))
        }
        if configuration.build.sandbox == .none {
            findings.append(
                .warning(
                    "provenance: builds are not confined, so they can read \(key) and sign what they like."
                )
            )
        }
        return findings
    }

    private func unattested(_ attestor: Attestor) -> [Finding] {
        do throws(LedgerError) {
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let count = try attestor.unattested(in: ledger).count
            if count == 0 { return [] }
            return [
                .warning(
                    "provenance: \(count) published files are not attested with this key. Do it: pyindex-fcgi attest"
                )
            ]
        } catch {
            // Without a state directory nothing was published.
            return []
        }
    }

    private func announcement() -> [Finding] {
        if configuration.publicURL.map(IntegrityURL.isSecure) == true { return [] }
        return [
            .warning(
                "provenance: pages do not name it, since that takes a public-url with https:// (PEP 740); it is served all "
                    + "the same."
            )
        ]
    }
}
