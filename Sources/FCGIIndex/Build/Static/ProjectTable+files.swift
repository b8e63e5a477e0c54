internal import PythonPackaging
internal import TOMLKit

/// What `[project]` takes from other files.
extension ProjectTable {
    /// The description and its media type; nothing and `nil` without a `readme`.
    func readme(_ files: StaticProject.Files) throws -> (text: String, type: String?) {
        guard let value = table["readme"] else { return ("", nil) }
        if let path = value.string {
            guard let type = Self.type(of: path) else {
                throw Obstacle(reason: "readme names a file whose kind its name does not say.")
            }
            return (try Self.text(of: path, "readme", files), type)
        }
        let known: Set = ["file", "text", "content-type"]
        guard let inner = value.table, inner.keys.allSatisfy({ known.contains($0) }),
            let type = inner["content-type"]?.string, Self.types.contains(type.prefix { $0 != ";" }),
            type.utf8.allSatisfy({ (32...126).contains($0) })
        else { throw Obstacle(reason: "readme is no file, nor a table of file or text, and content-type.") }
        switch (inner["file"]?.string, inner["text"]?.string) {
        case (let path?, nil): return (try Self.text(of: path, "readme", files), type)
        case (nil, let text?): return (text, type)
        default: throw Obstacle(reason: "readme has not one of file and text.")
        }
    }

    /// The license; `nil` where nothing is said.
    func license(_ files: StaticProject.Files) throws -> License? {
        guard let value = table["license"] else { return nil }
        if let expression = value.string {
            let isExpression =
                !expression.isEmpty
                && expression.utf8.allSatisfy { $0.isBareKeyByte || " .+()".utf8.contains($0) }
            guard isExpression else { throw Obstacle(reason: "license is no SPDX expression (PEP 639).") }
            return .expression(expression)
        }
        guard let inner = value.table, inner.keys.count == 1 else {
            throw Obstacle(reason: "license is no expression, nor a table of file or text.")
        }
        if let text = inner["text"]?.string { return .text(Self.unified(text)) }
        guard let path = inner["file"]?.string else {
            throw Obstacle(reason: "license is no expression, nor a table of file or text.")
        }
        return .text(Self.unified(try Self.text(of: path, "license", files)))
    }

    /// The files that `license-files` names, each pattern at least one (PEP 639).
    func licenseFiles(_ files: StaticProject.Files) throws -> [String] {
        guard let patterns = try lines("license-files"), !patterns.isEmpty else { return [] }
        let paths = try files.paths()
        var found: Set<String> = []
        for text in patterns {
            guard let pattern = PathPattern(text) else {
                throw Obstacle(
                    reason: "license-files has what is no pattern of files (PEP 639).",
                    found: text
                )
            }
            let matches = paths.filter(pattern.matches)
            if matches.isEmpty {
                throw Obstacle(reason: "license-files has a pattern of no file.", found: text)
            }
            found.formUnion(matches)
        }
        return found.sorted()
    }

    private static let types: Set<Substring> = ["text/markdown", "text/x-rst", "text/plain"]

    private static func type(of path: String) -> String? {
        switch path.lowercased() {
        case let name where name.hasSuffix(".md"): "text/markdown"
        case let name where name.hasSuffix(".rst"): "text/x-rst"
        case let name where name.hasSuffix(".txt"): "text/plain"
        default: nil
        }
    }

    /// With plain line ends, and none at the end.
    private static func unified(_ text: String) -> String {
        var text = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        while text.last == "\n" { text.removeLast() }
        return text
    }
}
