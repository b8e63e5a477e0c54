internal import Fetch
internal import Markup
internal import PythonPackaging

/// The beginning of a list of projects.
struct RemoteProjectList {
    /// The first project; `nil` where there is none.
    private(set) var first: ProjectName?

    /// `nil` for what is no such list: a form to log in, a home page, an excuse.
    init?(_ opening: RemoteProbe.Opening) {
        let isList = opening.bytes.withUnsafeBytes { bytes in
            switch opening.head.contentType {
            case "application/vnd.pypi.simple.v1+json", "application/json": readJSON(bytes)
            case "application/vnd.pypi.simple.v1+html", "text/html": readHTML(bytes, opening.head.url)
            default: false
            }
        }
        if !isList { return nil }
    }

    private mutating func readJSON(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var scanner = JSONScanner(bytes)
        var (hasMeta, hasProjects) = (false, false)
        var first: ProjectName?
        // The end may be missing.
        _ = try? scanner.members { key, value throws(JSONScanner.Fault) in
            if key == "meta" { hasMeta = true }
            guard key == "projects" else { return try value.skip() }
            hasProjects = true
            try value.elements { value throws(JSONScanner.Fault) in
                try value.members { key, value throws(JSONScanner.Fault) in
                    let text = try value.string()
                    if key == "name", first == nil { first = text.flatMap { ProjectName($0) } }
                }
            }
        }
        self.first = first
        return hasMeta || hasProjects
    }

    private mutating func readHTML(_ bytes: UnsafeRawBufferPointer, _ url: WebURL) -> Bool {
        var isAnnounced = false
        var first: ProjectName?
        HTMLTags.forEach(of: ["a", "meta"], in: bytes) { tag in
            if tag.name == "meta" {
                if tag.attributes["name"]?.lowercased() == "pypi:repository-version" { isAnnounced = true }
            } else if first == nil, let link = tag.attributes["href"].flatMap({ url.resolving($0) }) {
                // A project's page lies right below the list: `<root><name>/`.
                let path = link.path.hasSuffix("/") ? link.path.dropLast() : link.path
                guard path.hasPrefix(url.path), link.host == url.host else { return }
                first = ProjectName(path.dropFirst(url.path.utf8.count))
            }
        }
        self.first = first
        return isAnnounced || first != nil
    }
}
