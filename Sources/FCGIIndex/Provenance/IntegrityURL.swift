internal import PythonPackaging

/// Where provenance is served.
enum IntegrityURL {
    /// The URL of the file's provenance object, below the absolute URL `root`, which ends in a slash.
    static func absolute(_ root: String, _ name: ProjectName, _ file: DistributionFilename) -> String {
        let segments = [name.normalized, file.version.description, file.description].map(
            PercentEncoding.encode
        )
        return "\(root)integrity/\(segments.joined(separator: "/"))/provenance"
    }

    /// Whether `url` is of a secure origin, as clients demand of what they are shown: encrypted, or on this machine.
    static func isSecure(_ url: String) -> Bool {
        if url.hasPrefix("https://") { return true }
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" }
        return ["localhost", "127.0.0.1", "[::1]"].contains { host in
            authority == host || authority.hasPrefix(host + ":")
        }
    }
}
