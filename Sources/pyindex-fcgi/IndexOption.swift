import ArgumentParser
import FCGIIndex

/// `--index`: one of several indexes.
struct IndexOption: ParsableArguments {
    @Option(
        name: .customLong("index"),
        help: ArgumentHelp("Of several indexes, the one with this mount.", valueName: "mount")
    )
    var mount: String?

    /// The index that was named; `nil` where none was. One that is not configured ends the program.
    func index(of configuration: Configuration) -> IndexConfiguration? {
        guard let mount else { return nil }
        if let path = BasePath(mount), let index = configuration.index(at: path) { return index }
        let mounts = configuration.indexes.map(\.mount.description).joined(separator: ", ")
        fail(
            mounts.isEmpty
                ? "\(configuration.path) has no [[index]], so there is one of all sources; leave --index out."
                : "There is no index at \"\(mount)\"; there are: \(mounts).",
            status: 64
        )
    }
}
