/// The releases of a repository, as the REST API has them, a page of them as it came.
struct GitHubReleasePage: Sendable {
    struct Release: Sendable {
        var tag = ""
        var isDraft = false
        var isPrerelease = false
        var assets: [Asset] = []
    }

    struct Asset: Sendable {
        var name = ""
        var url = ""
        var size: Int64?
        /// `sha256:` and digits; older assets have none.
        var digest: String?
        var created: String?
        /// `uploaded`, once all of it is there.
        var state: String?
    }

    /// Where it came from.
    let url: String
    let etag: String?
    /// Where those come from that are older.
    let next: String?
    let releases: [Release]

    /// Reads an array of releases.
    static func releases(_ value: inout JSONScanner) throws(JSONScanner.Fault) -> [Release]? {
        var releases: [Release] = []
        let isArray = try value.elements { value throws(JSONScanner.Fault) in
            var release = Release()
            try value.members { key, value throws(JSONScanner.Fault) in
                switch key {
                case "tag_name": release.tag = try value.string() ?? ""
                case "draft": release.isDraft = try value.boolean() ?? false
                case "prerelease": release.isPrerelease = try value.boolean() ?? false
                case "assets":
                    try value.elements { value throws(JSONScanner.Fault) in
                        release.assets.append(try asset(&value))
                    }
                default: try value.skip()
                }
            }
            releases.append(release)
        }
        return isArray ? releases : nil
    }

    private static func asset(_ value: inout JSONScanner) throws(JSONScanner.Fault) -> Asset {
        var asset = Asset()
        try value.members { key, value throws(JSONScanner.Fault) in
            switch key {
            case "name": asset.name = try value.string() ?? ""
            case "url": asset.url = try value.string() ?? ""
            case "size": asset.size = try value.integer()
            case "digest": asset.digest = try value.string()
            case "created_at": asset.created = try value.string()
            case "state": asset.state = try value.string()
            default: try value.skip()
            }
        }
        return asset
    }
}
