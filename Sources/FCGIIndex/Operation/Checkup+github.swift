internal import Fetch

/// Sources on GitHub: whether GitHub answers, takes the token, and shows the owners' repositories by it.
extension Checkup {
    func github(_ source: GitHubSourceConfiguration) -> [Finding] {
        let directory = writable(configuration.remoteDirectory(of: source.name), "cache")
        let probe = GitHubProbe(source)
        if source.authentication == .callers {
            let header =
                "Callers bring their own tokens: the web server must hand on Authorization, and Apache does with"
            return [directory, probe.reach(), .ok("Source \"\(source.name)\": \(header) CGIPassAuth On.")]
        }
        var findings = [directory]
        if case .file(let path) = source.authentication {
            findings += secretFile(path, "Source \"\(source.name)\"", ConfigurationKey.tokenFile.name)
        }
        do throws(FetchError) {
            return findings + probe.findings(with: try GitHubToken.read(source.authentication))
        } catch { return findings + [.error("Source \"\(source.name)\": \(error)")] }
    }
}
