internal import Digest
internal import PythonPackaging

/// The Simple API's JSON (PEP 691, PEP 700, PEP 714). Keys without a value are left out, never `null`.
enum JSON {
    static func page(_ page: ProjectPage) -> [UInt8] {
        var text = Text(capacity: 256)
        text +=
            "{\"meta\":{\"api-version\":\"\(APIVersion(page).rawValue)\"},\"name\":\"\(page.name)\""
        if page.status != .active { status(page.status, &text) }
        text += ",\"files\":["
        text.append(page.files, length: 500) { number, file, text in
            if number > 0 { text += "," }
            object(file, of: page.name, &text)
        }
        text += "],\"versions\":["
        // Files come sorted by version, so equal ones stand together.
        var last: Version?
        for file in page.files where file.filename.version != last {
            if last != nil { text += "," }
            last = file.filename.version
            text.string(file.filename.version.description)
        }
        text += "]}"
        return text.bytes
    }

    static func projects(_ names: [ProjectName]) -> [UInt8] {
        var text = Text(capacity: 128 + names.count * 40)
        text += "{\"meta\":{\"api-version\":\"\(APIVersion.complete.rawValue)\"},\"projects\":["
        for (number, name) in names.enumerated() {
            text += number > 0 ? ",{\"name\":\"" : "{\"name\":\""
            text += name.normalized
            text += "\"}"
        }
        text += "]}"
        return text.bytes
    }

    private static func object(_ file: IndexFile, of name: ProjectName, _ text: inout Text) {
        let filename = file.filename.description
        text += "{\"filename\":"
        text.string(filename)
        text += ",\"url\":"
        text.string(file.url ?? FileURL.fromPage(name, file.identity, filename))
        text += ",\"hashes\":{"
        if let digest = file.bytes?.digest {
            text += "\""
            text += digest.algorithm.rawValue
            text += "\":\""
            text += digest.hex
            text += "\""
        }
        text += "}"
        if let size = file.bytes?.size {
            text += ",\"size\":"
            text += size.description
        }
        switch file.bytes?.metadata {
        case .sha256(let digest)?:
            text += ",\"core-metadata\":{\"sha256\":\""
            text += digest.description
            text += "\"}"
        case .undigested?: text += ",\"core-metadata\":true"
        case nil: break
        }
        if let specifiers = file.requiresPython {
            text += ",\"requires-python\":"
            text.string(specifiers)
        }
        if file.isSigned { text += ",\"gpg-sig\":true" }
        if let yank = file.yank {
            text += ",\"yanked\":"
            if let reason = yank.reason { text.string(reason) } else { text += "true" }
        }
        if let time = file.uploadTime {
            text += ",\"upload-time\":\""
            text += time.description
            text += "\""
        }
        if let url = file.provenance {
            text += ",\"provenance\":"
            text.string(url)
        }
        text += "}"
    }

    /// At the top level (PEP 792), though an example of the specification shows it elsewhere.
    private static func status(_ status: ProjectStatus, _ text: inout Text) {
        text += ",\"project-status\":{\"status\":\"\(status.marker.rawValue)\""
        if let reason = status.reason {
            text += ",\"reason\":"
            text.string(reason)
        }
        text += "}"
    }
}

extension Text {
    /// Appends a JSON string (RFC 8259 §7).
    mutating func string(_ value: String) {
        self += "\""
        var value = value
        value.withUTF8 { utf8 in
            var start = 0
            for place in utf8.indices {
                let byte = utf8[place]
                // Whatever is no ASCII stands for itself.
                guard byte < 32 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                append(utf8[start..<place])
                start = place + 1
                if byte < 32 {
                    self += byte < 16 ? "\\u000" : "\\u00"
                    self += String(byte, radix: 16)
                } else {
                    self += "\\"
                    append(utf8[place...place])
                }
            }
            append(utf8[start...])
        }
        self += "\""
    }
}
