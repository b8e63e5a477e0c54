internal import Fetch

/// Metrics are not for everybody.
struct MetricsCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        let answer = try visit.front.send("-/metrics", limit: 1024)
        if answer.status != 200 { return [.ok("Metrics are not shown to who asks here.")] }
        // The shipped file shows them to this machine.
        if visit.front.address.isLoopback { return [.ok("Metrics are shown to this machine.")] }
        return [
            visit.warning(
                "Metrics are shown to who asks at \(visit.front.address).",
                Remedy(
                    nginx: "`allow 127.0.0.1; deny all;` in `location ~ /-/metrics$`",
                    apache: "`Require local` in `<Location \"BASE-/metrics\">`, where PYINDEX_METRICS is set",
                    lighttpd: "`$HTTP[\"remoteip\"] != \"127.0.0.1\" { url.access-deny = ( \"metrics\" ) }`",
                    other: "pass PYINDEX_METRICS only for who may see them"
                )
            )
        ]
    }
}
