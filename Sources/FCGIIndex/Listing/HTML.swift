internal import Digest
internal import PythonPackaging

/// The Simple API's HTML (PEP 503, PEP 629, PEP 714), which is also what a browser shows.
enum HTML {
    static func page(_ page: ProjectPage) -> [UInt8] {
        var text = Text(capacity: 256 + page.files.count * 400)
        head(&text, title: "Links for \(page.name)", version: APIVersion(page), status: page.status)
        let hasSignatures = page.files.contains { $0.isSigned }
        for file in page.files { anchor(file, of: page.name, hasSignatures: hasSignatures, &text) }
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

/// Bytes of a page in the making.
struct Text {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    static func += (text: inout Text, other: String) {
        var other = other
        other.withUTF8 { text.bytes.append(contentsOf: $0) }
    }

    /// Appends bytes as they are.
    mutating func append(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) { self.bytes += bytes }

    /// Appends text with the characters escaped that mean something in HTML, attributes included.
    mutating func escaped(_ text: String) { escaped(text.utf8) }

    /// Appends UTF-8 likewise.
    mutating func escaped(_ text: some Collection<UInt8>) {
        for byte in text {
            switch byte {
            case 38: bytes += "&amp;".utf8
            case 60: bytes += "&lt;".utf8
            case 62: bytes += "&gt;".utf8
            case 34: bytes += "&quot;".utf8
            case 39: bytes += "&#x27;".utf8
            default: bytes.append(byte)
            }
        }
    }

    mutating func attribute(_ name: String, _ value: String) {
        self += " "
        self += name
        self += "=\""
        escaped(value)
        self += "\""
    }
}
