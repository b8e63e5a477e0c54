internal import Fetch

/// What `check` says of sources on GitHub. GitHub itself is not asked.
extension Checkup {
    func github(_ source: GitHubSourceConfiguration) -> [Finding] {
        let owners = source.owners?.joined(separator: ", ") ?? "anybody"
        let place = "Source \"\(source.name)\": releases of \(owners) at \(source.apiURL)"
        if source.authentication == .callers {
            let header =
                "The web server must hand on Authorization; Apache does with CGIPassAuth On."
            return [.ok("\(place), asked for with callers' own tokens. \(header)")]
        }
        do throws(FetchError) {
            _ = try GitHubToken.read(source.authentication)
            return [.ok("\(place); a token is there.")]
        } catch { return [.error("Source \"\(source.name)\": \(error)")] }
    }
}
