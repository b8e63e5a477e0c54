internal import PythonPackaging

/// A package that a build needs, as `[build-system] requires` or a back end's hook names it (PEP 508).
///
/// Only what an index or a wheelhouse can answer: a URL or a path would bring code from anywhere, and an option of
/// the installer's is none.
struct BuildRequirement: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// As written, with single spaces.
    let description: String
    /// The package's name, normalized.
    let project: ProjectName

    /// Reads one requirement; `nil` for anything but name, extras, versions and marker.
    init?(_ text: String) {
        let plain = text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        guard (1...1000).contains(plain.utf8.count), plain.utf8.allSatisfy({ (32...126).contains($0) }) else {
            return nil
        }
        let name = plain.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        guard let project = ProjectName(String(name)) else { return nil }
        var rest = plain.dropFirst(name.count).drop { $0 == " " }
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            rest = rest[rest.index(after: end)...].drop { $0 == " " }
        }
        // "name @ URL" (PEP 508), and what an installer reads as an option, as the begin of a
        // comment, or as a variable of its environment.
        if rest.contains("@") || rest.contains("#") || rest.contains(" -") || rest.contains("\\")
            || rest.contains("$")
        {
            return nil
        }
        if let first = rest.first, !"(<>=!~;".contains(first) { return nil }
        description = plain
        self.project = project
    }

    static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
