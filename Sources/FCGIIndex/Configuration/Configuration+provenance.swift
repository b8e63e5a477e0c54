extension ConfigurationReader {
    /// The table `[provenance]`.
    mutating func provenance() -> ProvenanceConfiguration {
        let section = section("provenance")
        check(section, has: [.provenance])
        let key = resolvedPath(.provenanceKey, in: section)
        let certificate = resolvedPath(.provenanceCertificate, in: section)
        let builder = uri(.provenanceBuilder, in: section)
        var provenance = ProvenanceConfiguration(builder: builder)
        switch (key, certificate) {
        case (let key?, let certificate?): provenance.signing = .init(key: key, certificate: certificate)
        case (nil, nil): break
        case (_?, nil):
            report(
                "stands alone; write certificate, the key's own, below it.",
                at: section.path.appending("key")
            )
        case (nil, _?):
            report(
                "stands alone; write key, whose it is, below it.",
                at: section.path.appending("certificate")
            )
        }
        return provenance
    }

    /// The value of a key that takes a URI (RFC 3986), which everybody will be told.
    mutating func uri(_ key: ConfigurationKey, in section: Section) -> String? {
        read(key, in: section) { node throws(ValueProblem) in
            guard let text = node.string else { return nil }
            let scheme = text.prefix { $0 != ":" }
            let rest = text.utf8.dropFirst(scheme.utf8.count + 1)
            let isScheme =
                (scheme.first?.isASCII == true && scheme.first?.isLetter == true)
                && scheme.utf8.allSatisfy { $0.isBareKeyByte || "+.".utf8.contains($0) }
            guard isScheme, !rest.isEmpty, rest.allSatisfy({ $0 > 32 && $0 < 127 }) else {
                throw ValueProblem("expected \(key.kind.expectation), such as \(key.example).")
            }
            let authority = Substring(rest).drop { $0 == "/" }.prefix { !"/?#".contains($0) }
            let user = authority.prefix { $0 != "@" }
            if user != authority, scheme != "ssh" || user.contains(":") {
                throw ValueProblem(
                    "holds a user name or password, which everybody would be told; leave it out."
                )
            }
            return text
        }
    }
}
