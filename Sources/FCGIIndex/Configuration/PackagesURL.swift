/// Where the files of a list are: what their names are put behind.
///
/// A relative one starts from a project's page, `<base-path>/simple/<project>/`, as dumb-pypi has it, and becomes a path
/// from the server's root here, so that it is right on whatever page it stands.
struct PackagesURL {
    /// With a slash at its end.
    let text: String

    init(_ written: String, under base: BasePath) throws(ValueProblem) {
        if written.contains("://") {
            text = try IndexURL(written).text
            return
        }
        let isPlain = written.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"\"<>\\^`{|}?#:".utf8.contains($0) }
        guard isPlain, !written.isEmpty, !written.hasPrefix("//") else {
            throw ValueProblem(
                "expected \(ConfigurationKey.packagesURL.kind.expectation), found \(TOMLNode.string(written).text); write "
                    + "such as \"https://files.example/packages/\" or \"../../pool/\"."
            )
        }
        var segments: [Substring] =
            written.hasPrefix("/") ? [] : base.prefix.split(separator: "/") + ["simple"]
        // Every page has a directory of its own, and nothing is in it but the page.
        if !written.hasPrefix("/") && !written.hasPrefix("../") {
            throw ValueProblem(
                "starts from a project's page, so it must begin with \"../\", \"/\" or \"https://\"."
            )
        }
        let path = written.hasPrefix("/") ? written[...] : written.dropFirst(3)
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": continue
            case "..":
                guard segments.popLast() != nil else {
                    throw ValueProblem(
                        "leads above the server's root: it starts from a project's page, which is at "
                            + "\"\(base.prefix)/simple/PROJECT/\"."
                    )
                }
            default: segments.append(segment)
            }
        }
        text = "/" + segments.map { $0 + "/" }.joined()
    }
}
