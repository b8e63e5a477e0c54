extension Configuration {
    /// Why what would be built now cannot be what was built then; `nil` where it may be.
    func obstacle(to entry: LedgerEntry) -> String? {
        guard entry.format == Recipe.format else {
            return "It has archive format \(entry.format), and this version makes \(Recipe.format)."
        }
        for case .git(let source) in sources where source.name == entry.key.source {
            if source.recipe(for: entry.key.project).digest == entry.key.recipe { return nil }
            return "The recipe of the source \"\(source.name)\" has changed since."
        }
        return "The configuration has no git source \"\(entry.key.source)\" any more."
    }
}
