internal import Digest
internal import PythonPackaging

/// The Simple API's HTML (PEP 503, PEP 629, PEP 714), which is also what a browser shows.
enum HTML {
    static func page(_ page: ProjectPage) -> [UInt8] {
        var text = Text(capacity: 512)
        head(&text, title: "Links for \(page.name)", version: APIVersion(page), status: page.status)
        let hasSignatures = page.files.contains { $0.isSigned }
        text.append(page.files, length: 400) { _, file, text in
            anchor(file, of: page.name, hasSignatures: hasSignatures, &text)
        }
        text += "</body>\n</html>\n"
        return text.bytes
    }

    static func projects(_ names: [ProjectName]) -> [UInt8] {
        var text = Text(capacity: 256 + names.count * 64)
        head(&text, title: "Simple index", version: .complete)
        for name in names {
            // A normalized name holds nothing that HTML or a URL would have to escape.
            text += "<a href=\""
            text += name.normalized
            text += "/\">"
            text += name.normalized
            text += "</a><br>\n"
        }
        text += "</body>\n</html>\n"
        return text.bytes
    }

    private static func head(
        _ text: inout Text,
        title: String,
        version: APIVersion,
        status: ProjectStatus = .active
    ) {
        text += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        text += "<meta name=\"pypi:repository-version\" content=\"\(version.rawValue)\">\n"
        if status != .active {
            text += "<meta name=\"pypi:project-status\""
            text.attribute("content", status.marker.rawValue)
            text += ">\n"
            if let reason = status.reason {
                text += "<meta name=\"pypi:project-status-reason\""
                text.attribute("content", reason)
                text += ">\n"
            }
        }
        text += "<title>\(title)</title>\n</head>\n<body>\n"
    }

    private static func anchor(
        _ file: IndexFile,
        of name: ProjectName,
        hasSignatures: Bool,
        _ text: inout Text
    ) {
        let filename = file.filename.description
        text += "<a href=\""
        if let url = file.url {
            text.escaped(url)
        } else {
            text += FileURL.fromPage(name, file.identity, filename)
        }
        if let digest = file.bytes?.digest {
            text += "#"
            text += digest.algorithm.rawValue
            text += "="
            text += digest.hex
        }
        text += "\""
        if let specifiers = file.requiresPython { text.attribute("data-requires-python", specifiers) }
        if let metadata = file.bytes?.metadata {
            let value = metadata.digest.map { "sha256=\($0)" } ?? "true"
            text.attribute("data-core-metadata", value)
            text.attribute("data-dist-info-metadata", value)  // for clients older than PEP 714
        }
        if let url = file.provenance { text.attribute("data-provenance", url) }
        if let yank = file.yank { text.attribute("data-yanked", yank.reason ?? "") }
        // On all files of a page, or on none (PEP 503).
        if hasSignatures { text.attribute("data-gpg-sig", file.isSigned ? "true" : "false") }
        text += ">"
        text.escaped(filename)
        text += "</a><br>\n"
    }
}
