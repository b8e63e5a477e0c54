internal import Fetch

/// What is kept of the pages that a list of releases has.
extension GitHubReleases {
    /// The pages that `kept` holds; `nil` where it holds none.
    static func pages(in kept: KeptPage) -> [GitHubReleasePage]? {
        kept.body.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            var pages: [GitHubReleasePage] = []
            do throws(JSONScanner.Fault) {
                let isArray = try scanner.elements { value throws(JSONScanner.Fault) in
                    pages.append(try page(&value))
                }
                try scanner.end()
                return isArray ? pages : nil
            } catch { return nil }
        }
    }

    private static func page(_ value: inout JSONScanner) throws(JSONScanner.Fault) -> GitHubReleasePage {
        var (url, etag, next): (String, String?, String?) = ("", nil, nil)
        var releases: [GitHubReleasePage.Release] = []
        try value.members { key, value throws(JSONScanner.Fault) in
            switch key {
            case "page": url = try value.string() ?? ""
            case "etag": etag = try value.string()
            case "next": next = try value.string()
            case "releases": releases = try GitHubReleasePage.releases(&value) ?? []
            default: try value.skip()
            }
        }
        return GitHubReleasePage(url: url, etag: etag, next: next, releases: releases)
    }

    /// Writes them as they are read again, without what nobody here asks about.
    static func kept(_ pages: [GitHubReleasePage], at url: WebURL) -> KeptPage {
        var text = Text(capacity: 4096)
        text.array(pages) { text, page in
            text += "{\"page\":"
            text.string(page.url)
            text.member("etag", page.etag)
            text.member("next", page.next)
            text += ",\"releases\":"
            text.array(page.releases) { text, release in
                text += "{\"draft\":\(release.isDraft),\"prerelease\":\(release.isPrerelease)"
                text.member("tag_name", release.tag)
                text += ",\"assets\":"
                text.array(release.assets) { text, asset in
                    text += "{\"size\":\(asset.size ?? -1)"
                    text.member("name", asset.name)
                    text.member("url", asset.url)
                    text.member("digest", asset.digest)
                    text.member("created_at", asset.created)
                    text.member("state", asset.state)
                    text += "}"
                }
                text += "}"
            }
            text += "}"
        }
        return KeptPage(url: url, format: .json, validators: .init(), body: text.bytes)
    }
}

extension Text {
    /// Appends a JSON array.
    mutating func array<Element>(_ elements: [Element], _ write: (inout Text, Element) -> Void) {
        self += "["
        for (number, element) in elements.enumerated() {
            if number > 0 { self += "," }
            write(&self, element)
        }
        self += "]"
    }

    /// Appends a member behind others, if there is a value.
    mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        self += ",\"\(name)\":"
        string(value)
    }
}
