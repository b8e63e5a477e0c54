internal import Digest
internal import Fetch
internal import Markup
internal import PythonPackaging

extension RemotePage {
    /// Reads a page in HTML (PEP 503, PEP 592, PEP 629, PEP 714, PEP 740, PEP 792).
    ///
    /// - Parameters:
    ///   - name: the project that was asked for.
    ///   - url: where the page came from, after all redirects.
    init(html bytes: UnsafeRawBufferPointer, of name: ProjectName, at url: WebURL) throws(RemotePageFault) {
        var draft = RemotePageDraft(name: name, base: url)
        var meta: [String: String] = [:]
        var hasBase = false
        HTMLTags.forEach(of: ["a", "base", "meta"], in: bytes) { tag in
            switch tag.name {
            case "a":
                if let entry = Self.entry(tag.attributes) { draft.add(entry) }
            case "base":
                // The first counts, and may be relative itself.
                guard !hasBase, let href = tag.attributes["href"], let base = url.resolving(href) else {
                    return
                }
                hasBase = true
                draft.base = base
            default:
                guard let key = tag.attributes["name"]?.lowercased(), meta[key] == nil else { return }
                meta[key] = tag.attributes["content"]
            }
        }
        let version = meta["pypi:repository-version"]
        try RemotePageDraft.check(apiVersion: version)
        // Any page with status 200 is HTML: that of a portal that wants a password, or of a proxy with an excuse.
        if draft.files.isEmpty && version == nil {
            throw RemotePageFault(
                "It is HTML, and neither names a file nor says that it is a project's page."
            )
        }
        if let marker = meta["pypi:project-status"].flatMap({ ProjectStatus.Marker(rawValue: $0) }) {
            draft.status = ProjectStatus(marker, reason: meta["pypi:project-status-reason"])
        }
        try self.init(draft)
    }

    private static func entry(_ attributes: [String: String]) -> RemotePageDraft.Entry? {
        guard let href = attributes["href"] else { return nil }
        var entry = RemotePageDraft.Entry()
        entry.url = href
        if let hash = href.utf8.lastIndex(of: UInt8(ascii: "#")) {
            for part in href[href.utf8.index(after: hash)...].split(separator: "&") {
                let pair = part.split(separator: "=", maxSplits: 1)
                if pair.count == 2 { entry.digests.append((String(pair[0]), String(pair[1]))) }
            }
        }
        entry.requiresPython = attributes["data-requires-python"]
        entry.metadata = metadata(attributes["data-core-metadata"] ?? attributes["data-dist-info-metadata"])
        entry.provenance = attributes["data-provenance"]
        entry.isSigned = attributes["data-gpg-sig"] == "true"
        entry.yank = attributes["data-yanked"].map { Yank(reason: $0) }
        // No standard has it; some indexes of wheels do, and clients read it.
        entry.uploadTime = attributes["data-upload-time"]
        return entry
    }

    /// `true`, or `sha256=...`.
    private static func metadata(_ value: String?) -> IndexFile.MetadataFile? {
        guard let value, !value.isEmpty, value != "false" else { return nil }
        guard value.hasPrefix("sha256=") else { return .undigested }
        return SHA256Digest(hex: value.dropFirst(7)).map { .sha256($0) } ?? .undigested
    }
}
