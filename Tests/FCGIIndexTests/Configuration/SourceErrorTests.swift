import Testing

@testable import FCGIIndex

@Suite("Configuration errors of sources")
struct SourceErrorTests {
    private func expect(_ text: String, _ lines: [String]) {
        do throws(ConfigurationError) {
            _ = try configuration(text)
            Issue.record("no error: \(text)")
        } catch {
            let found = error.description.replacing("/etc/pyindex/config.toml", with: "FILE")
            #expect(found == lines.joined(separator: "\n"))
        }
    }

    private static let simple = "[[source]]\nname = \"rest\"\ntype = \"simple\"\n"

    @Test(
        "Sources as a whole",
        arguments: [
            Refusal(
                "threads = 3\n",
                "FILE:1: source: no source of packages; write [[source]] and below it name = \"monorepo\", "
                    + "type = \"git\", path = \"/srv/git/monorepo.git\"."
            ),
            Refusal(
                "threads = 3\n[source]\nname = \"x\"\n",
                "FILE:2: source: expected tables [[source]], found a table; write the header with two brackets: [[source]]."
            ),
            Refusal("source = 1\n", "FILE:1: source: expected tables [[source]], found 1."),
            Refusal(
                "[[source]]\n",
                "FILE:1: source[0].name: missing; write it, such as name = \"monorepo\".",
                "FILE:1: source[0].type: missing; write it, such as type = \"git\"."
            ),
            Refusal(
                smallest + smallest,
                "FILE:6: source[1].name: the name \"mono\" is taken by a source above; names must differ."
            ),
            Refusal(
                simple + "url = \"https://index.example/\"\n" + smallest,
                "FILE:5: source[1]: stands behind source \"rest\", which answers for every name; move it above that one."
            ),
            Refusal(
                "[[source]]\nname = \"../x\"\ntype = \"hg\"\n",
                "FILE:2: source[0].name: expected a name of letters, digits, \".\", \"_\" and \"-\", 1 to 64 of them, "
                    + "found the string \"../x\".",
                "FILE:3: source[0].type: expected \"git\", \"directory\", \"files\", \"github-releases\" or "
                    + "\"simple\", found the string \"hg\"."
            ),
            Refusal(
                simple + "url = \"https://index.example/\"\nmax-age = 60\n",
                "FILE:5: source[0].max-age: means nothing with mode = \"fallback\", which fetches nothing; write "
                    + "mode = \"redirect\", \"proxy\" or \"cache\"."
            ),
            Refusal(
                simple
                    + "url = \"https://index.example/\"\nmode = \"proxy\"\nhosts = [\"a.example\", \"b:80\"]\n",
                "FILE:6: source[0].hosts[1]: \"b:80\" is no host; write a name or an address, without scheme and port."
            ),
            Refusal(
                simple + "url = \"https://index.example/\"\npath = \"/x\"\n",
                "FILE:5: source[0].path: unknown key here; it belongs to [[source]] with type = \"git\"."
            ),
        ]
    )
    func sources(_ refusal: Refusal) { expect(refusal.text, refusal.lines) }

    @Test(
        "URLs are refused without being repeated",
        arguments: [
            (
                "https://ann:secret@index.example/simple/",
                "holds a user name or password, which messages and clients would be shown; leave it out. Where it is this "
                    + "index that asks, write username and password-file; else let clients bring their own (netrc or keyring)."
            ),
            ("ftp://index.example/", "must start with http:// or https://."),
            ("index.example/simple", "must start with http:// or https://."),
            ("https:///simple/", "names no host."),
            ("https://:443/simple/", "names no host."),
            (
                "https://index.example/simple/?token=secret",
                "must not hold \"?\" or \"#\": project names are put at its end."
            ),
            ("https://index.example/a b", "holds a character that a URL may not; write it percent-encoded."),
            ("https://index.example/é", "holds a character that a URL may not; write it percent-encoded."),
        ]
    )
    func urls(url: String, message: String) {
        expect(Self.simple + "url = \"\(url)\"\n", ["FILE:4: source[0].url: " + message])
    }

    @Test(
        "Keys of a git source",
        arguments: [
            Refusal(
                "build-command = \"make build\"\n",
                "FILE:5: source[0].build-command: expected an array of a program and its arguments, found the string "
                    + "\"make build\"; no shell splits it, so write [\"make\", \"build\"]."
            ),
            Refusal(
                "build-command = \"cd x && make\"\n",
                "FILE:5: source[0].build-command: expected an array of a program and its arguments, found the string "
                    + "\"cd x && make\"; no shell splits it, so write [\"sh\", \"-c\", \"cd x && make\"]."
            ),
            Refusal(
                "build-command = [\"make build\"]\n",
                "FILE:5: source[0].build-command: is one word; write [\"make\", \"build\"]."
            ),
            Refusal(
                "build-command = []\n",
                "FILE:5: source[0].build-command: names no program; leave the key out for the default command."
            ),
            Refusal(
                "packages = \"acme-*\"\n",
                "FILE:5: source[0].packages: expected an array of project names, each with at most one \"*\", at its end, "
                    + "found the string \"acme-*\"; write [\"acme-*\"]."
            ),
            Refusal(
                "packages = [\n  \"ok\",\n  \"*-x\",\n]\n",
                "FILE:7: source[0].packages[1]: \"*-x\" is no project name (letters, digits, \".\", \"_\", \"-\"), nor "
                    + "the start of one and \"*\"."
            ),
            Refusal(
                "packages = []\n",
                "FILE:5: source[0].packages: is empty, so nothing could be released; leave the key out to release every "
                    + "name."
            ),
            Refusal(
                "tags = []\n",
                "FILE:5: source[0].tags: is empty, so no tag would be a release; leave the key out for "
                    + "{package}/v{version}."
            ),
            Refusal(
                "tags = [1]\n",
                "FILE:5: source[0].tags[0]: expected a pattern or a table such as { pattern = \"{package}/v{version}\" }, "
                    + "found 1."
            ),
            Refusal(
                "tags = [{ pattern = \"{package}/v{version}\", directroy = \"x\" }]\n",
                "FILE:5: source[0].tags[0].directroy: unknown key; did you mean \"directory\"?"
            ),
            Refusal(
                "tags = [{ package = \"x\" }]\n",
                "FILE:5: source[0].tags[0].pattern: missing; write it, such as pattern = \"{package}/v{version}\"."
            ),
            Refusal(
                "tags = [\"{package}\"]\n",
                "FILE:5: source[0].tags[0]: The tag pattern \"{package}\" must hold {version} once and {package} at most "
                    + "once."
            ),
            Refusal(
                "layout = \"../x\"\ntags = [\"{package}/v{version}\", \"{package}-{version}\"]\n",
                "FILE:5: source[0].layout: The directory \"../x\" must be a path inside the repository."
            ),
            Refusal(
                "layout = \"{project}\"\n",
                "FILE:5: source[0].layout: the only placeholder of a directory is {package}; found "
                    + "\"{project}\"."
            ),
            Refusal(
                "layout = \"discover\"\ntags = [{ pattern = \"v{version}\", directory = \"x\" }]\n",
                "FILE:6: source[0].tags[0]: The tag pattern \"v{version}\" has no {package}; add it, or fix the package of "
                    + "this rule: { pattern = \"v{version}\", package = \"NAME\" }; with layout = \"discover\" and no "
                    + "directory it releases every package of the tree."
            ),
            Refusal(
                "extra-checkout-paths = [\"ok\", \"../x\"]\n",
                "FILE:5: source[0].extra-checkout-paths: \"../x\" must be a path inside the repository."
            ),
            Refusal(
                "artifacts-dir = \"/dist\"\n",
                "FILE:5: source[0].artifacts-dir: \"/dist\" must be a path inside the package's directory."
            ),
            Refusal(
                "trust-owner = \"true\"\n",
                "FILE:5: source[0].trust-owner: expected true or false, found the string \"true\"; write it without quotes."
            ),
            Refusal(
                "build-timeout = 0\n",
                "FILE:5: source[0].build-timeout: expected a number of seconds from 1 to 86400, found 0."
            ),
        ]
    )
    func gitSource(_ refusal: Refusal) { expect(smallest.trimmed + refusal.text, refusal.lines) }
}

extension String {
    fileprivate var trimmed: String { String(dropLast(hasSuffix("\n\n") ? 1 : 0)) }
}
