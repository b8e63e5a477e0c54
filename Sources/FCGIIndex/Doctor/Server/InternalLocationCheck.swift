internal import Fetch

/// What only the web server itself may ask for: the cache, past everything that the responder would refuse.
struct InternalLocationCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        let base = visit.front.address.path
        var paths = ["-/accel/files/", "-/accel/sources/", "-/accel/pages/"].map { base + $0 }
        if let file = visit.file { paths.append("\(base)-/accel/\(file.path.dropFirst(base.count))") }
        for path in paths {
            let answer = try visit.front.send(absolute: path, limit: 1024)
            if answer.status < 400 {
                return [
                    visit.error(
                        "\(path) is \(answer.status) from outside: files can be had past quarantine and authorization.",
                        Self.words
                    )
                ]
            }
        }
        return [.ok("The internal locations are closed to the outside.")]
    }

    private static let words = Remedy(
        nginx: "`internal;` in each `location ~ /-/accel/...`, as in pyindex.conf",
        apache:
            "`<Location \"BASE-/accel/\"> Require expr \"-n reqenv('REDIRECT_STATUS')\" </Location>`, as in "
            + "deploy/apache/pyindex.conf",
        lighttpd: "take `alias.url` of the cache out: X-Sendfile needs none",
        other: "refuse requests from outside for the path below the index that starts with -/accel/"
    )
}
