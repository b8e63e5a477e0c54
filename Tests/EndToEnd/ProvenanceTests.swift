import Foundation
import Glibc
import POSIX
import Testing

@Suite("Provenance through nginx", .serialized)
struct ProvenanceTests {
    private struct Attestation: Decodable {
        struct Material: Decodable { let certificate: Data }
        struct Envelope: Decodable {
            let statement: Data
            let signature: Data
        }
        let verification_material: Material
        let envelope: Envelope
    }

    private struct Provenance: Decodable {
        struct Bundle: Decodable { let attestations: [Attestation] }
        let attestation_bundles: [Bundle]
    }

    /// Verifies as docs/provenance.md says, with openssl, and returns what was stated.
    private func verified(_ json: String, _ site: Site, by authority: Authority) throws -> [String: Any] {
        let provenance = try JSONDecoder().decode(Provenance.self, from: Data(json.utf8))
        let attestation = try #require(provenance.attestation_bundles.first?.attestations.first)
        let statement = attestation.envelope.statement
        let preimage = Data("DSSEv1 28 application/vnd.in-toto+json \(statement.count) ".utf8) + statement
        let files = [
            "signature": attestation.envelope.signature, "preimage": preimage,
            "signer.der": attestation.verification_material.certificate,
        ]
        for (name, data) in files { try data.write(to: URL(fileURLWithPath: "\(site.directory)/\(name)")) }
        let script = """
            set -e
            openssl x509 -inform der -in signer.der -out found.crt
            openssl verify -CAfile "$1" found.crt
            openssl x509 -in found.crt -noout -pubkey > signer.pub
            openssl dgst -sha256 -verify signer.pub -signature signature preimage
            """
        let run = try Run(["sh", "-c", "cd \(site.directory)\n\(script)", "sh", authority.certificate])
        #expect(run.succeeded, "\(run.output)")
        return try #require(try JSONSerialization.jsonObject(with: statement) as? [String: Any])
    }

    @Test(
        "openssl verifies what is served, also when the files were published before there was a key",
        arguments: [false, true]
    )
    func verifies(builder: Bool) throws {
        var settings = Settings(builder: builder)
        settings.keys = "public-url = \"http://127.0.0.1:PORT/\""
        try Site.with(settings, prepare: { try $0.release("acme-core", "1.0") }) { site in
            let file = try site.file("acme-core", "1.0")
            #expect(try site.get(file).status == 200)
            let place = "integrity/acme-core/1.0/acme_core-1.0.tar.gz/"
            #expect(try site.get(place + "statement").status == 200)
            #expect(try site.get(place + "provenance").status == 404)
            let page = try site.get("simple/acme-core/").text
            #expect(!page.contains("data-provenance"))

            let authority = try Authority("root", in: site.directory)
            let signer = try authority.sign("/CN=index.example builds", as: "builds")
            let areApart = builder && Accounts.areApart
            if areApart { #expect(chown(signer + ".key", Accounts.builder, Accounts.group) == 0) }
            let configuration = try text(of: site.configuration)
            try Data(
                (configuration + "\n[provenance]\nkey = \"\(signer).key\"\ncertificate = \"\(signer).crt\"\n")
                    .utf8
            ).write(to: URL(fileURLWithPath: site.configuration))
            let command = [Places.binary, "attest", "acme-core", "--config", site.configuration]
            for count in [1, 0] {
                let attest = try Run(areApart ? Accounts.run(command, as: Accounts.builder) : command)
                #expect(attest.output.contains("Attested: \(count)"), "\(attest.output)")
            }

            let object = try site.get(place + "provenance")
            #expect(object.status == 200)
            #expect(object["Content-Type"] == "application/vnd.pypi.integrity.v1+json")
            let statement = try verified(object.text, site, by: authority)
            let subject = (statement["subject"] as? [[String: Any]])?.first
            let digest = (subject?["digest"] as? [String: String])?["sha256"]
            #expect(try site.get("simple/acme-core/").text.contains("#sha256=\(digest ?? "none")"))
            let url = "http://127.0.0.1:\(site.port)/\(place)provenance"
            #expect(try site.get("simple/acme-core/").text.contains("data-provenance=\"\(url)\""))
        }
    }
}
