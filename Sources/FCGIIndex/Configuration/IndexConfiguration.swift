/// One entry of `[[index]]`: an index at a path of its own, with a chain of its own.
public struct IndexConfiguration: Hashable, Sendable {
    /// The path as the configuration has it, below the base path.
    public var mount: BasePath
    /// The whole path, the base path's included.
    public var path: BasePath
    /// The names of its sources and groups, in the order in which they are asked.
    public var members: [String]
    /// Names for which its other indexes are asked although a source that it does not have owns them.
    public var shared: [NamePattern] = []
}

extension Configuration {
    /// The index at `mount`, as it is written in the configuration; `nil` where there is none.
    public func index(at mount: BasePath) -> IndexConfiguration? { indexes.first { $0.mount == mount } }

    /// The sources of `index` in the order in which they are asked; of all, for `nil`.
    public func sources(of index: IndexConfiguration?) -> [SourceConfiguration] {
        links(of: index).flatMap(\.sources)
    }

    /// Where clients find `index`, with a slash at its end; `nil` where `public-url` is not known.
    public func publicURL(of index: IndexConfiguration?) -> String? {
        publicURL.map { $0 + (index?.mount.description.dropFirst() ?? "") }
    }
}
