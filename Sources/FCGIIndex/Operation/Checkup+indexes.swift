/// Several indexes.
extension Checkup {
    func indexes() -> [Finding] {
        var findings = configuration.indexes.map { index in
            let sources = configuration.sources(of: index).map(\.name).joined(separator: ", ")
            return Finding.ok("Index \(index.path): \(sources).")
        }
        if configuration.hasDirectFiles && !configuration.indexes.isEmpty {
            findings.append(
                .warning(
                    "direct-files = true: the web server hands out every built file at each place where it does so, "
                        + "whichever index has it. Take the include that asks where that matters."
                )
            )
        }
        return findings
    }
}
