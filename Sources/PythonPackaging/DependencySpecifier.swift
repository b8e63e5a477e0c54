/// A requirement on another project: name, extras, versions or a URL, and a marker (PEP 508).
public struct DependencySpecifier: Hashable, Sendable, CustomStringConvertible {
    /// What is required, as written.
    public let name: String
    /// As written, in their order.
    public let extras: [String]
    /// Where it is to be had; `nil` where versions say it.
    public let url: String?
    /// The versions, as written without blanks; empty for all.
    public let versions: String
    /// The condition, as written; `nil` where there is none.
    public let marker: String?

    /// Reads a requirement; `nil` for what is none.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 2000, text.utf8.allSatisfy({ (32...126).contains($0) || $0 == 9 }) else {
            return nil
        }
        var rest = Substring(text).drop(while: \.isBlank)
        let name = rest.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }
        guard ProjectName(String(name)) != nil else { return nil }
        self.name = String(name)
        rest = rest.dropFirst(name.count).drop(while: \.isBlank)
        guard let extras = Self.extras(&rest) else { return nil }
        self.extras = extras
        rest = rest.drop(while: \.isBlank)
        let condition: Substring?
        if rest.first == "@" {
            rest = rest.dropFirst().drop(while: \.isBlank)
            // A semicolon may be part of a URL, so a blank must stand before the one that is not.
            let url = rest.prefix { !$0.isBlank }
            guard url.contains(":"), !url.contains("{") else { return nil }
            (self.url, versions) = (String(url), "")
            rest = rest.dropFirst(url.count).drop(while: \.isBlank)
            condition = rest.isEmpty ? nil : rest
            if let condition, condition.first != ";" { return nil }
        } else {
            url = nil
            let end = rest.firstIndex(of: ";") ?? rest.endIndex
            var conditions = rest[..<end].trimmingBlanks
            if conditions.first == "(", conditions.last == ")" {
                conditions = conditions.dropFirst().dropLast()
            }
            if let first = conditions.first, !"<>=!~".contains(first) && !first.isBlank { return nil }
            guard VersionSpecifiers(conditions) != nil else { return nil }
            versions = conditions.filter { !$0.isBlank }
            condition = end == rest.endIndex ? nil : rest[end...]
        }
        guard let condition else {
            marker = nil
            return
        }
        let marker = condition.dropFirst().trimmingBlanks
        guard EnvironmentMarker.isOne(marker) else { return nil }
        self.marker = String(marker)
    }

    /// As metadata writes it, with a further condition where one is given.
    public func description(where condition: String? = nil) -> String {
        var text = name
        if !extras.isEmpty { text += "[\(extras.joined(separator: ","))]" }
        text += url.map { " @ \($0)" } ?? versions
        let own = marker.map { condition == nil || !$0.contains(" or ") ? $0 : "(\($0))" }
        let both = [own, condition].compactMap(\.self).joined(separator: " and ")
        return both.isEmpty ? text : text + (url == nil ? "; " : " ; ") + both
    }

    /// As metadata writes it.
    public var description: String { description() }

    private static func extras(_ rest: inout Substring) -> [String]? {
        guard rest.first == "[" else { return [] }
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        if inside.allSatisfy(\.isBlank) { return [] }
        let names = inside.split(separator: ",", omittingEmptySubsequences: false).map {
            String($0.trimmingBlanks)
        }
        return names.allSatisfy { ProjectName($0) != nil } ? names : nil
    }
}

extension Character {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = drop(while: \.isBlank)
        while let last = text.last, last.isBlank { text.removeLast() }
        return text
    }
}
