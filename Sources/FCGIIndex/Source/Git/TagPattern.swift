internal import PythonPackaging

/// The matching half of a rule: a template with placeholders, or a regular expression.
enum TagPattern: Hashable, Sendable {
    case template(TagTemplate)
    case expression(TagExpression)

    /// Whether the pattern says the package.
    enum Naming: Hashable {
        case required
        /// Without it, the tag is of every project in its tree.
        case optional
        /// The rule says it.
        case fixed
    }

    init(_ text: String, _ naming: Naming) throws(TagRuleError) {
        if text.contains("(?<version>") || text.contains("(?P<version>") {
            self = .expression(try TagExpression(text, naming))
        } else {
            self = .template(try TagTemplate(text, naming))
        }
    }

    func match(_ tag: String) -> (package: String?, version: String)? {
        switch self {
        case .template(let template): template.match(tag)
        case .expression(let expression): expression.match(tag)
        }
    }
}

/// `{package}/v{version}` and the like: literal text around one or two placeholders.
struct TagTemplate: Hashable, Sendable {
    private enum Order: Hashable { case version, packageVersion, versionPackage }

    private let before: [UInt8]
    private let between: [UInt8]
    private let after: [UInt8]
    private let order: Order

    init(_ text: String, _ naming: TagPattern.Naming) throws(TagRuleError) {
        let version = text.ranges(of: "{version}")
        let package = text.ranges(of: "{package}")
        guard version.count == 1, package.count <= 1 else {
            throw TagRuleError(
                "The tag pattern \"\(text)\" must hold {version} once and {package} at most once."
            )
        }
        guard let package = package.first else {
            if naming == .required {
                throw TagRuleError(
                    "The tag pattern \"\(text)\" has no {package}; add it, or fix the package of this rule: "
                        + "{ pattern = \"\(text)\", package = \"NAME\" }; with layout = "
                        + "\"discover\" and no directory it releases every package of the tree."
                )
            }
            self.init(text, version[0], version[0], .version)
            return
        }
        if naming == .fixed {
            throw TagRuleError(
                "The tag pattern \"\(text)\" holds {package} although the rule fixes the package."
            )
        }
        if package.lowerBound < version[0].lowerBound {
            self.init(text, package, version[0], .packageVersion)
        } else {
            self.init(text, version[0], package, .versionPackage)
        }
    }

    private init(_ text: String, _ first: Range<String.Index>, _ second: Range<String.Index>, _ order: Order)
    {
        before = Array(text[..<first.lowerBound].utf8)
        between = order == .version ? [] : Array(text[first.upperBound..<second.lowerBound].utf8)
        after = Array(text[second.upperBound...].utf8)
        self.order = order
    }

    /// `{version}` takes the shortest end that is a version, `{package}` the rest.
    func match(_ tag: String) -> (package: String?, version: String)? {
        var tag = tag
        return tag.withUTF8 { all in
            guard all.count >= before.count + between.count + after.count, all.starts(with: before),
                all.suffix(after.count).elementsEqual(after)
            else { return nil }
            let core = UnsafeBufferPointer(rebasing: all[before.count..<(all.count - after.count)])
            switch order {
            case .version:
                return Version.isValid(utf8: core) ? (nil, String(decoding: core, as: UTF8.self)) : nil
            case .packageVersion:
                return split(
                    core,
                    stride(from: core.count - between.count, through: 0, by: -1),
                    versionFirst: false
                )
            case .versionPackage:
                return split(
                    core,
                    stride(from: 0, through: core.count - between.count, by: 1),
                    versionFirst: true
                )
            }
        }
    }

    private func split(
        _ core: UnsafeBufferPointer<UInt8>,
        _ positions: some Sequence<Int>,
        versionFirst: Bool
    ) -> (package: String?, version: String)? {
        for position in positions {
            let end = position + between.count
            guard core[position..<end].elementsEqual(between) else { continue }
            let left = UnsafeBufferPointer(rebasing: core[..<position])
            let right = UnsafeBufferPointer(rebasing: core[end...])
            let (package, version) = versionFirst ? (right, left) : (left, right)
            guard !package.isEmpty, Version.isValid(utf8: version) else { continue }
            return (String(decoding: package, as: UTF8.self), String(decoding: version, as: UTF8.self))
        }
        return nil
    }
}

/// A regular expression with the groups `version` and, unless the rule fixes it, `package`.
struct TagExpression: Hashable, Sendable {
    private let text: String
    // Regex is not marked Sendable, but a compiled one is only read: matching keeps its state on the stack.
    private nonisolated(unsafe) let expression: Regex<AnyRegexOutput>

    init(_ text: String, _ naming: TagPattern.Naming) throws(TagRuleError) {
        do {
            expression = try Regex(text)
        } catch {
            throw TagRuleError("The tag expression \"\(text)\" cannot be read: \(error).")
        }
        if naming == .required && !text.contains("(?<package>") && !text.contains("(?P<package>") {
            throw TagRuleError("The tag expression \"\(text)\" has no group (?<package>...).")
        }
        self.text = text
    }

    func match(_ tag: String) -> (package: String?, version: String)? {
        guard let match = tag.wholeMatch(of: expression), let version = match["version"]?.substring,
            Version(version) != nil
        else { return nil }
        return (match["package"]?.substring.map(String.init), String(version))
    }

    static func == (left: Self, right: Self) -> Bool { left.text == right.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
