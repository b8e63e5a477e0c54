internal import Fetch
internal import PythonPackaging

/// A page as another index sent it, with what it takes to ask whether it is still right.
struct KeptPage: Sendable {
    /// How it is written.
    enum Format: String, Sendable {
        case json, html
    }

    /// What was asked for: it is a page of who is asked for that, and of nobody else.
    let asked: WebURL
    /// Where it came from, after all redirects.
    let url: WebURL
    let format: Format
    let validators: FetchRequest.Validators
    let body: [UInt8]

    /// Reads what is on it.
    func read(as name: ProjectName) throws(RemotePageFault) -> RemotePage {
        // The closure of `withUnsafeBytes` throws no type.
        try body.withUnsafeBytes { bytes in
            Result { () throws(RemotePageFault) in
                switch format {
                case .json: try RemotePage(json: bytes, of: name, at: url)
                case .html: try RemotePage(html: bytes, of: name, at: url)
                }
            }
        }.get()
    }

    private static let mark = "pyindex page 2"

    /// Lines, and an empty one, that stand before the body in its file.
    var fileHead: [UInt8] {
        var lines = [Self.mark, "asked \(asked)", "url \(url)", "format \(format.rawValue)"]
        if let etag = validators.etag { lines.append("etag \(etag)") }
        if let date = validators.lastModified { lines.append("last-modified \(date)") }
        let head = lines.map { String($0.filter { !$0.isNewline }) + "\n" }.joined() + "\n"
        return Array(head.utf8)
    }

    /// - Parameter asked: what was asked for; `nil` where nobody redirected.
    init(
        url: WebURL,
        asked: WebURL? = nil,
        format: Format,
        validators: FetchRequest.Validators,
        body: [UInt8]
    ) {
        self.asked = asked ?? url
        self.url = url
        self.format = format
        self.validators = validators
        self.body = body
    }

    /// `nil` for what is no such file.
    init?(file: [UInt8]) {
        guard let end = file.firstRange(of: [10, 10]) else { return nil }
        let lines = String(decoding: file[..<end.lowerBound], as: UTF8.self).split(separator: "\n")
        guard lines.first == Self.mark[...] else { return nil }
        var values: [Substring: String] = [:]
        for line in lines.dropFirst() {
            guard let space = line.firstIndex(of: " ") else { continue }
            values[line[..<space]] = String(line[line.index(after: space)...])
        }
        guard let asked = values["asked"].flatMap({ WebURL($0) }),
            let url = values["url"].flatMap({ WebURL($0) }),
            let format = values["format"].flatMap({ Format(rawValue: $0) })
        else { return nil }
        self.init(
            url: url,
            asked: asked,
            format: format,
            validators: .init(etag: values["etag"], lastModified: values["last-modified"]),
            body: Array(file[end.upperBound...])
        )
    }
}
