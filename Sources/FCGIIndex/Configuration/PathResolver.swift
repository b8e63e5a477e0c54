internal import Glibc

/// Makes absolute paths of what a configuration file says.
struct PathResolver {
    /// The directory that relative paths start from; absolute.
    let directory: String
    /// What `~/` stands for; `nil` where the process has no home.
    let home: String?

    /// Reads `text`; nothing is looked up on disk, and `..` is kept, since symbolic links decide what it
    /// means.
    func resolve(_ text: String) throws(ValueProblem) -> String {
        if text.isEmpty { throw ValueProblem("is empty; name a path.") }
        if text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            throw ValueProblem("holds a control character.")
        }
        if text.hasPrefix("/") { return Self.tidy(text) }
        guard text.hasPrefix("~") else { return Self.tidy("\(directory)/\(text)") }
        guard text == "~" || text.hasPrefix("~/") else {
            throw ValueProblem(
                "starts with \"~\" and a name; only \"~/\", the home directory, is understood."
            )
        }
        guard let home, home.hasPrefix("/") else {
            throw ValueProblem("starts with \"~/\", but HOME is not set; write the path in full.")
        }
        return Self.tidy(home + text.dropFirst())
    }

    /// Without empty and `.` segments.
    private static func tidy(_ path: String) -> String {
        "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// Whether `path` is `directory` or lies below it, `..` read as written.
    static func contains(_ directory: String, _ path: String) -> Bool {
        let outer = segments(directory)
        return segments(path).starts(with: outer)
    }

    private static func segments(_ path: String) -> [Substring] {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        return segments
    }

    /// `path` made absolute by this process's working directory.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return tidy(path) }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return path }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return tidy("\(String(decoding: bytes, as: UTF8.self))/\(path)")
    }
}
