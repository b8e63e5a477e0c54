internal import Fetch
internal import POSIX

/// The connection: encrypted, at the URL that the configuration names, and of the same time.
struct TransportCheck: ServerCheck {
    /// What two clocks may differ by, in seconds.
    private static let tolerance: Int64 = 60

    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        let address = visit.front.address
        var findings: [Finding] = []
        if !address.isSecure && !address.isLoopback {
            findings.append(
                visit.warning(
                    "\(address) is not encrypted: whoever is on the way can change packages.",
                    Self.tls
                )
            )
        }
        if let url = visit.front.configuration.publicURL, url != address.description {
            findings.append(
                .warning(
                    "`public-url` is \(url), and this is \(address).",
                    fix:
                        "`public-url = \"\(address)\"` in \(visit.front.configuration.path), if clients use this URL"
                )
            )
        }
        if let date = try visit.front.send("-/health")["date"].flatMap({ HTTPDate.seconds($0) }) {
            let difference = abs(date - WallClock.now / 1_000_000_000)
            if difference > Self.tolerance {
                findings.append(
                    .warning(
                        "The web server's clock differs from this one by \(difference) s.",
                        fix: "timedatectl set-ntp true, on both machines"
                    )
                )
            }
        }
        return findings
    }

    private static let tls = Remedy(
        nginx: "`listen 443 ssl;` with `ssl_certificate` and `ssl_certificate_key`",
        apache: "`<VirtualHost *:443>` with `SSLEngine on`, `SSLCertificateFile` and `SSLCertificateKeyFile`",
        lighttpd: "`$SERVER[\"socket\"] == \":443\" { ssl.engine = \"enable\" ssl.pemfile = ... }`",
        other: "serve it by https"
    )
}
