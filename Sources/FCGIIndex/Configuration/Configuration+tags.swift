extension ConfigurationReader {
    /// The rules of `tags`, as far as they are right; a rule without a directory of its own takes `layout`.
    mutating func tagRules(_ section: Section) -> [TagRule] {
        let layout = read(.layout, in: section, Self.layout) ?? .directories("{package}")
        guard let elements = node(.tags, in: section)?.array else { return [] }
        let path = section.path.appending(ConfigurationKey.tags.name)
        if elements.isEmpty {
            report(
                "is empty, so no tag would be a release; leave the key out for {package}/v{version}.",
                at: path
            )
        }
        return elements.enumerated().compactMap { index, element in
            let place = path.appending(index)
            switch element {
            case .string(let pattern):
                return rule(pattern, package: nil, directory: layout.directory, at: place)
            case .table(let values): return rule(Section(path: place, values: values), layout: layout)
            default:
                report(
                    "expected a pattern or a table such as { \(ConfigurationKey.pattern.example) }, "
                        + "found \(element.summary).",
                    at: place
                )
                return nil
            }
        }
    }

    private mutating func rule(_ section: Section, layout: Layout) -> TagRule? {
        check(section, has: [.tagRule])
        let before = issues.count
        let pattern = read(.pattern, in: section) { $0.string }
        let package = read(.package, in: section) { $0.string }
        let directory = read(.directory, in: section) { node throws(ValueProblem) -> String? in
            guard let text = node.string else { return nil }
            return try Self.checked(text)
        }
        guard let pattern, issues.count == before else { return nil }
        return rule(pattern, package: package, directory: directory ?? layout.directory, at: section.path)
    }

    private mutating func rule(
        _ pattern: String,
        package: String?,
        directory: String?,
        at path: TOMLPath
    ) -> TagRule? {
        do throws(TagRuleError) {
            return try TagRule(pattern, package: package, directory: directory)
        } catch {
            report(error.description.split(whereSeparator: \.isNewline).joined(separator: " "), at: path)
            return nil
        }
    }

    /// What `layout` says of rules without a directory of their own.
    private enum Layout {
        case directories(String)
        case discovered

        /// The template of the directory; `nil` where it is to be found.
        var directory: String? { if case .directories(let template) = self { template } else { nil } }
    }

    private static func layout(_ node: TOMLNode) throws(ValueProblem) -> Layout? {
        switch node.string {
        case nil: return nil
        case "flat": return .directories("{package}")
        case "discover": return .discovered
        case let template?: return .directories(try checked(template))
        }
    }

    /// A directory template, checked once here instead of for every rule that takes it.
    private static func checked(_ template: String) throws(ValueProblem) -> String {
        do throws(TagRuleError) {
            _ = try TagRule("{version}", package: "any", directory: template)
        } catch { throw ValueProblem(error.description) }
        // What is left between braces is a placeholder somebody expected to work.
        if template.replacing("{package}", with: "").contains(where: { $0 == "{" || $0 == "}" }) {
            throw ValueProblem(
                "the only placeholder of a directory is {package}; found \(TOMLNode.string(template).text)."
            )
        }
        return template
    }
}
