internal import Fetch
internal import PythonPackaging

/// Names that are written otherwise lead to the page, below the same prefix.
struct RedirectCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        guard let project = visit.project else { return [] }
        let name = project.normalized.uppercased()
        if name == project.normalized { return [] }
        let front = visit.front
        let answer = try front.send("simple/\(name)/")
        guard (300..<400).contains(answer.status), let location = answer["location"] else {
            return [visit.error("simple/\(name)/ is \(answer.status), not a redirect.", Self.words)]
        }
        let url = WebURL("\(front.address)simple/\(name)/")?.resolving(location)
        if let url, url == WebURL("\(front.address)simple/\(project)/") {
            return [.ok("Names that are not normalized are redirected to their page.")]
        }
        return [
            visit.error(
                "simple/\(name)/ is redirected to \(location), which is not the page of \(project).",
                Self.words
            )
        ]
    }

    private static let words = Remedy(
        nginx:
            "`absolute_redirect off;`, no `fastcgi_redirect`-like rewriting, and nothing that handles 301 itself "
            + "(`fastcgi_intercept_errors off;`)",
        apache: "take `ProxyPassReverse` and `UseCanonicalName` rewriting of Location out",
        lighttpd: "take `url.redirect` out for this path",
        other: "leave the field Location of the responder as it is"
    )
}
