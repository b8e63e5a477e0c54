internal import Glibc
internal import POSIX

/// The directives of an nginx configuration, includes and all, as far as they are asked for here.
struct NginxConfiguration {
    /// One directive: its words, and where a block follows, what is in that.
    struct Directive: Hashable {
        let words: [String]
        let block: [Directive]?
    }

    let directives: [Directive]

    /// Reads `path` and what it includes. What cannot be read is passed over: nginx itself would say so.
    ///
    /// - Throws: why `path` itself cannot be read.
    init(contentsOf path: String) throws(SystemError) {
        let text = String(decoding: try File.read(path), as: UTF8.self)
        directives = Self.parse(text, below: Directory.parent(of: path), depth: 0)
    }

    /// Reads a text that includes nothing.
    init(_ text: String) { directives = Self.parse(text, below: "/", depth: 10) }

    /// All directives of this name, at any depth.
    func all(_ name: String) -> [Directive] { Self.all(name, in: directives) }

    /// The words after the name of the first such directive.
    func first(_ name: String) -> [String]? { all(name).first.map { Array($0.words.dropFirst()) } }

    /// The upstreams with this server: those of other responders do not count.
    func upstreams(of server: String) -> [Directive] {
        all("upstream").filter { upstream in
            Self.all("server", in: upstream.block ?? []).contains { $0.words.dropFirst().first == server }
        }
    }

    static func all(_ name: String, in directives: [Directive]) -> [Directive] {
        directives.flatMap { directive in
            (directive.words.first == name ? [directive] : []) + all(name, in: directive.block ?? [])
        }
    }

    // MARK: Parsing

    private static func parse(_ text: String, below directory: String, depth: Int) -> [Directive] {
        var tokens = NginxTokens(text)
        return parse(&tokens, below: directory, depth: depth)
    }

    private static func parse(_ tokens: inout NginxTokens, below directory: String, depth: Int) -> [Directive]
    {
        var directives: [Directive] = []
        var words: [String] = []
        while let token = tokens.next() {
            switch token {
            case .word(let word): words.append(word)
            case .semicolon:
                if words.first == "include", words.count == 2, depth < 10 {
                    directives += included(words[1], below: directory, depth: depth + 1)
                } else if !words.isEmpty {
                    directives.append(Directive(words: words, block: nil))
                }
                words = []
            case .open:
                let block = parse(&tokens, below: directory, depth: depth)
                directives.append(Directive(words: words, block: block))
                words = []
            case .close: return directives
            }
        }
        return directives
    }

    private static func included(_ pattern: String, below directory: String, depth: Int) -> [Directive] {
        var found = glob_t()
        defer { globfree(&found) }
        let path = pattern.hasPrefix("/") ? pattern : "\(directory)/\(pattern)"
        guard glob(path, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
        return (0..<Int(found.gl_pathc)).flatMap { number -> [Directive] in
            guard let name = paths[number], let bytes = try? File.read(String(cString: name)) else {
                return []
            }
            return parse(String(decoding: bytes, as: UTF8.self), below: directory, depth: depth)
        }
    }
}
