internal import Digest
internal import FastCGI
internal import Fixtures
internal import Foundation
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Provenance")
struct ProvenanceTests {
    private static let place = "/integrity/acme-core/1.0/acme_core-1.0.tar.gz"

    private func fixture(signing: Bool = false, publicURL: String? = "https://index.example/pypi/") throws
        -> IndexFixture
    {
        try IndexFixture { configuration in
            configuration.publicURL = publicURL
            configuration.provenance.builder = "https://index.example/"
            guard case .git(var git) = configuration.sources[0] else { return }
            git.repositoryURL = "https://git.example/monorepo.git"
            git.recipe.environment = RecipeEnvironment(["FLAVOUR": "plain", "API_TOKEN": "hidden!"])!
            configuration.sources = [.git(git)]
            if signing { configuration.provenance.signing = Self.sign(configuration) }
        }
    }

    /// Puts key and certificate beside the configuration.
    private static func sign(_ configuration: Configuration) -> ProvenanceConfiguration.Signing? {
        let place = Directory.parent(of: configuration.path)
        try? File.replace(place + "/key", with: Array(SigningFixture.key.utf8))
        try? File.replace(place + "/certificate", with: Array(SigningFixture.certificate.utf8))
        return .init(key: place + "/key", certificate: place + "/certificate")
    }

    private func json(_ text: some StringProtocol) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func at(_ value: Any?, _ path: String) -> Any? {
        path.split(separator: ".").reduce(value) { value, key in
            Int(key).map { (value as? [Any])?[$0] } ?? (value as? [String: Any])?[String(key)]
        }
    }

    @Test("A built file has a statement of repository, commit, tag, recipe and builder, without secrets")
    func statement() throws {
        let fixture = try fixture()
        try fixture.git("tag", "-a", "-m", "release", "acme-core/v1.0")
        #expect(try fixture.response(Self.place + "/statement").status == 404, "it is not built")
        let key = try fixture.build(try fixture.link("1.0")).key
        let reply = try fixture.response(Self.place + "/statement")
        #expect(reply.status == 200)
        #expect(reply.fields["Content-Type"] == "application/vnd.in-toto+json")
        #expect(!reply.body.contains("hidden!"))
        let statement = try json(reply.body)
        #expect(statement["_type"] as? String == "https://in-toto.io/Statement/v1")
        #expect(statement["predicateType"] as? String == "https://slsa.dev/provenance/v1")
        let entry = try #require(fixture.ledger.entry(for: key.identity))
        #expect(at(statement, "subject.0.name") as? String == "acme_core-1.0.tar.gz")
        #expect(at(statement, "subject.0.digest.sha256") as? String == entry.sha256)
        #expect((statement["subject"] as? [Any])?.count == 1)
        let definition = at(statement, "predicate.buildDefinition")
        let parameters = at(definition, "externalParameters")
        #expect(at(parameters, "repository") as? String == "https://git.example/monorepo.git")
        #expect(at(parameters, "ref") as? String == "refs/tags/acme-core/v1.0")
        #expect(at(parameters, "recipe.parameters.command") as? [String] == ["sh", "build.sh"])
        #expect(at(parameters, "recipe.parameters.environment.FLAVOUR") as? String == "plain")
        #expect(at(parameters, "recipe.parameters.environment.API_TOKEN") is NSNull)
        #expect(at(parameters, "recipe.sha256") as? String == key.recipe)
        let commit = at(definition, "resolvedDependencies.0")
        #expect(
            at(commit, "uri") as? String
                == "git+https://git.example/monorepo.git@refs/tags/acme-core/v1.0"
        )
        #expect(at(commit, "digest.gitCommit") as? String == key.commit)
        #expect((at(commit, "digest.gitTree") as? String)?.utf8.count == 40)
        let tag = at(definition, "resolvedDependencies.1")
        #expect(at(tag, "digest.gitTag") as? String == key.tagObject)
        #expect(key.tagObject != key.commit)
        #expect(at(tag, "annotations.tagger") as? String == "x <x@example.org>")
        #expect(at(tag, "annotations.taggedOn") as? String == "2023-11-14T22:13:20Z")
        #expect(at(statement, "predicate.runDetails.builder.id") as? String == "https://index.example/")
        #expect(at(statement, "predicate.runDetails.metadata.invocationId") as? String == "\(key.identity)")
    }

    @Test("A tag may name any time: its statement says the nearest that can be written")
    func anyTime() throws {
        let fixture = try fixture()
        try fixture.tag("1.0", at: .max)
        _ = try fixture.build(try fixture.link("1.0"))
        let statement = try json(try fixture.response(Self.place + "/statement").body)
        let tag = at(statement, "predicate.buildDefinition.resolvedDependencies.1")
        #expect(at(tag, "annotations.taggedOn") as? String == "9999-12-31T23:59:59Z")
    }

    @Test("A statement survives the loss of cache and repository")
    func survives() throws {
        let fixture = try fixture()
        try fixture.tag("1.0")
        let identity = try fixture.build(try fixture.link("1.0")).key.identity
        let before = try fixture.response(Self.place + "/statement")
        try fixture.workshop.store.clear()
        try fixture.git("tag", "-d", "acme-core/v1.0")
        #expect(try fixture.response(Self.place + "/statement").status == 404, "no page has it")
        let after = try fixture.response(Self.place + "/statement?identity=\(identity)")
        #expect(after.status == 200)
        #expect(after.body == before.body)
        #expect(
            try fixture.response(Self.place + "/statement?identity=\(String(repeating: "0", count: 20))")
                .status == 404
        )
    }

    @Test("Without a key nothing is attested, and no page says so")
    func unsigned() throws {
        let fixture = try fixture()
        try fixture.tag("1.0")
        _ = try fixture.build(try fixture.link("1.0"))
        let reply = try fixture.response(Self.place + "/provenance")
        #expect(reply.status == 404)
        #expect(reply.body.contains("statement"))
        #expect(try !fixture.response("/simple/acme-core/").body.contains("data-provenance"))
    }

    @Test("With a key a built file has a provenance object, whose signature is the certificate's")
    func signed() throws {
        let fixture = try fixture(signing: true)
        try fixture.tag("1.0", "1.1")
        #expect(try !fixture.response("/simple/acme-core/").body.contains("data-provenance"))
        let key = try fixture.build(try fixture.link("1.0")).key
        let page = try fixture.response("/simple/acme-core/").body
        let url = "https://index.example/pypi" + Self.place + "/provenance"
        #expect(page.contains("data-provenance=\"\(url)\""))
        #expect(page.split(separator: "data-provenance").count == 2, "1.1 is not built")
        let listing = try fixture.response("/simple/acme-core/?format=application/vnd.pypi.simple.v1%2Bjson")
        #expect(try at(json(listing.body), "files.0.provenance") as? String == url)

        let reply = try fixture.response(Self.place + "/provenance")
        #expect(reply.status == 200)
        #expect(reply.fields["Content-Type"] == "application/vnd.pypi.integrity.v1+json")
        let object = try json(reply.body)
        #expect(object["version"] as? Int == 1)
        #expect(at(object, "attestation_bundles.0.publisher.kind") as? String == "pyindex-fcgi")
        #expect(at(object, "attestation_bundles.0.publisher.claims.commit") as? String == key.commit)
        let attestation = at(object, "attestation_bundles.0.attestations.0")
        #expect(at(attestation, "version") as? Int == 1)
        #expect((at(attestation, "verification_material.transparency_entries") as? [Any])?.isEmpty == true)
        let recorded = try #require(
            try Ledger(directory: fixture.configuration.stateDirectory).attestation(of: key.identity)
        )
        #expect(recorded.isIntact)
        #expect(at(attestation, "envelope.statement") as? String == recorded.envelope.statement)
        let statement = try fixture.response(Self.place + "/statement").body
        #expect(String(decoding: try #require(recorded.statement), as: UTF8.self) == statement)
        let certificate = try Certificate(pem: Array(SigningFixture.certificate.utf8))
        let preimage = "DSSEv1 28 application/vnd.in-toto+json \(statement.utf8.count) \(statement)"
        let signature = try #require(Data(base64Encoded: recorded.envelope.signature))
        #expect(certificate.isSignature(Array(signature), over: Array(preimage.utf8)))
    }

    @Test(
        "Pages name provenance only below a public URL of a secure origin",
        arguments: [
            nil, "http://index.example/", "http://localhost.example/", "http://localhost:8080/",
            "https://index.example/",
        ]
    )
    func origins(publicURL: String?) throws {
        let fixture = try fixture(signing: true, publicURL: publicURL)
        try fixture.tag("1.0")
        _ = try fixture.build(try fixture.link("1.0"))
        let isSecure = publicURL == "http://localhost:8080/" || publicURL == "https://index.example/"
        #expect(try fixture.response("/simple/acme-core/").body.contains("data-provenance") == isSecure)
        #expect(try fixture.response(Self.place + "/provenance").status == 200)
        #expect(fixture.configuration.shown.contains(".attested(in: ledger)") == isSecure)
    }

    @Test("What was published before there was a key is attested by the command, once for each certificate")
    func later() throws {
        let fixture = try fixture()
        try fixture.tag("1.0")
        let identity = try fixture.build(try fixture.link("1.0")).key.identity
        #expect(try fixture.response(Self.place + "/provenance").status == 404)
        var provenance = fixture.configuration.provenance
        provenance.signing = Self.sign(fixture.configuration)
        let attestor = try #require(try Attestor(provenance))
        let ledger = try Ledger(directory: fixture.configuration.stateDirectory)
        #expect(try attestor.unattested(in: ledger).map(\.identity) == [identity])
        try attestor.attest(identity, in: ledger)
        #expect(try attestor.unattested(in: ledger).isEmpty)
        #expect(try fixture.response(Self.place + "/provenance").status == 200, "the responder sees it")
        #expect(try fixture.response("/simple/acme-core/").body.contains("data-provenance"))
    }

    @Test("An attestation that somebody changed is found, and signed again")
    func changed() throws {
        let fixture = try fixture(signing: true)
        try fixture.tag("1.0")
        let identity = try fixture.build(try fixture.link("1.0")).key.identity
        let state = fixture.configuration.stateDirectory
        func errors() throws -> Int {
            Verification(fixture.configuration, ledger: try Ledger(directory: state)).findings()
                .count { $0.level == .error }
        }
        #expect(try errors() == 0)
        let text = String(decoding: try File.read(state + "/ledger.jsonl"), as: UTF8.self)
        let attestation = try #require(try Ledger(directory: state).attestation(of: identity))
        let statement = try #require(attestation.statement)
        let other = Data(
            String(decoding: statement, as: UTF8.self).replacing("monorepo", with: "otherrepo").utf8
        )
        let changed = text.replacing(attestation.envelope.statement, with: other.base64EncodedString())
        #expect(changed != text)
        try File.replace(state + "/ledger.jsonl", with: Array(changed.utf8))
        #expect(try errors() == 1)
        let ledger = try Ledger(directory: state)
        let attestor = try #require(try Attestor(fixture.configuration.provenance))
        for entry in try attestor.unattested(in: ledger) { try attestor.attest(entry.identity, in: ledger) }
        #expect(try errors() == 0)
    }

    @Test("A build goes through without the key, and says that nothing was signed")
    func missingKey() throws {
        let fixture = try fixture(signing: true)
        try File.replace(fixture.workshop.root + "/key", with: [])
        try fixture.tag("1.0")
        let key = try fixture.build(try fixture.link("1.0")).key
        #expect(try fixture.response(Self.place + "/provenance").status == 404)
        let log = BuildRecord(stateDirectory: fixture.configuration.stateDirectory, identity: key.identity)
            .logPath
        #expect(try String(decoding: File.read(log), as: UTF8.self).contains("not attested"))
    }

    @Test("A confined build cannot read the key", .enabled(if: Workshop.sandboxes.count > 1))
    func hiddenKey() throws {
        // Directories for temporary files are private anyway.
        let visible =
            access("/opt", W_OK) == 0 ? "/opt" : FileManager.default.currentDirectoryPath + "/.build"
        let shop = try Workshop("if cat $OUT/../key; then exit 9; fi\n" + Workshop.honest, in: visible)
        var configuration = shop.configuration
        configuration.provenance.signing = Self.sign(configuration)
        let key = try shop.key()
        for sandbox in Workshop.sandboxes {
            let builder = Builder(
                configuration: configuration,
                sandbox: sandbox,
                store: shop.store,
                ledger: shop.ledger
            )
            let outcome = builder.build(key, retry: true)
            #expect((outcome == .published) == (sandbox != .none), "\(shop.log())")
        }
        #expect(try shop.ledger.attestation(of: key.identity)?.isIntact == true)
    }

    @Test("Negotiation, validators and HEAD are those of a page that may change")
    func wire() throws {
        let fixture = try fixture(signing: true)
        try fixture.tag("1.0")
        _ = try fixture.build(try fixture.link("1.0"))
        for (document, type) in [
            ("provenance", "application/vnd.pypi.integrity.v1+json"),
            ("statement", "application/vnd.in-toto+json"),
        ] {
            let url = "\(Self.place)/\(document)"
            let reply = try fixture.response(url)
            #expect(reply.fields["Cache-Control"] == "no-cache")
            #expect(reply.fields["Vary"] == "Accept, Accept-Encoding")
            let etag = try #require(reply.fields["ETag"])
            #expect(try fixture.response(url) { $0.ifNoneMatch = etag }.status == 304)
            #expect(try fixture.response(url) { $0.method = "HEAD" }.body.isEmpty)
            for accept in [type, "application/json", "*/*", "text/html, \(type);q=0.1"] {
                #expect(try fixture.response(url) { $0.accept = accept }.status == 200, "\(accept)")
            }
            for accept in ["text/html", "\(type);q=0, text/plain"] {
                let refusal = try fixture.response(url) { $0.accept = accept }
                #expect(refusal.status == 406, "\(accept)")
                #expect(refusal.body.contains(type))
            }
            #expect(try fixture.response(url) { $0.method = "POST" }.status == 405)
        }
    }

    @Test("Other spellings are led to the one, and what is no file of the version leads nowhere")
    func routes() throws {
        let fixture = try fixture()
        try fixture.tag("1.0")
        _ = try fixture.build(try fixture.link("1.0"))
        let moved = try fixture.response("/integrity/Acme_Core/1.0/acme_core-1.0.tar.gz/statement?x=1")
        #expect(moved.status == 301)
        #expect(moved.fields["Location"] == "../../../acme-core/1.0/acme_core-1.0.tar.gz/statement?x=1")
        #expect(
            try fixture.response("/integrity/acme-core/1.0.0/acme_core-1.0.tar.gz/statement").status == 200
        )
        for path in [
            "acme-core/1.1/acme_core-1.0.tar.gz/statement", "acme-core/1.0/acme_core-1.0.tar.gz/publish",
            "acme-core/1.0/acme_core-1.0.tar.gz/statement/",
            "acme-core/1.0/acme_core-1.0-py3-none-any.whl/provenance",
            "acme-core/1.0/..%2Facme_core-1.0.tar.gz/statement", "other/1.0/other-1.0.tar.gz/statement",
            "acme-core/1.0/acme_core-1.0.tar.gz", "acme-core/x/acme_core-1.0.tar.gz/statement",
        ] {
            #expect(try fixture.response("/integrity/" + path).status == 404, "\(path)")
        }
    }

    @Test("Of a quarantined project nothing is told")
    func quarantined() throws {
        let fixture = try fixture(signing: true)
        try fixture.tag("1.0")
        _ = try fixture.build(try fixture.link("1.0"))
        try fixture.rule("[[status]]\nproject = \"acme-core\"\nstatus = \"quarantined\"\n")
        for document in ["provenance", "statement"] {
            #expect(try fixture.response("\(Self.place)/\(document)").status == 403)
        }
    }

    @Test("A moved tag's old file keeps its statement, by its identity")
    func moved() throws {
        let fixture = try fixture()
        try fixture.tag("1.0")
        let old = try fixture.build(try fixture.link("1.0")).key
        try fixture.git("commit", "-q", "--allow-empty", "-m", "y")
        try fixture.tag("1.0")
        #expect(try fixture.response(Self.place + "/statement").status == 404, "the new one is not built")
        _ = try fixture.build(try fixture.link("1.0"))
        #expect(try !fixture.response(Self.place + "/statement").body.contains(old.commit))
        #expect(
            try fixture.response(Self.place + "/statement?identity=\(old.identity)").body.contains(old.commit)
        )
    }

    @Test("The page of a build has it too, and a line from before is told as far as it goes")
    func buildPage() throws {
        let fixture = try fixture()
        try fixture.tag("1.0")
        let identity = try fixture.build(try fixture.link("1.0")).key.identity
        let page = "/-/builds/acme-core/1.0"
        let answer = try json(try fixture.response(page + "?format=json").body)
        #expect(
            at(answer, "provenance.predicate.buildDefinition.externalParameters.repository") as? String
                == "https://git.example/monorepo.git"
        )
        let text = try fixture.response(page).body
        #expect(text.contains("repository   https://git.example/monorepo.git\nrecipe       sh build.sh\n"))
        #expect(text.contains("builder      pyindex-fcgi, not confined\n"))

        let old = try #require(fixture.ledger.entry(for: identity))
        #expect(old.origin == nil, "it is not kept in memory")
        let document = try json(String(decoding: Statement(old).json, as: UTF8.self))
        #expect(at(document, "predicate.runDetails.builder.id") as? String == "urn:pyindex-fcgi:builder")
        #expect(
            at(document, "predicate.buildDefinition.externalParameters.repository") as? String
                == "file://" + fixture.workshop.repository
        )
    }
}
