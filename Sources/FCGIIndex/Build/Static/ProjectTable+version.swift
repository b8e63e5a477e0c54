internal import PythonPackaging
internal import TOMLKit

/// Where the version comes from.
extension ProjectTable {
    /// Whether the tree says `version`, or leaves it to the tag in a way that its back end follows in an sdist.
    func check(
        _ version: Version,
        _ backend: StaticBackend,
        _ document: TOMLTable,
        _ files: StaticProject.Files
    ) throws {
        let dynamic = try lines("dynamic") ?? []
        if let field = dynamic.first(where: { $0 != "version" }) {
            throw Obstacle(reason: "A dynamic field is known to its back end alone.", found: field)
        }
        let text: String
        if dynamic.isEmpty {
            guard let stated = table["version"]?.string else {
                throw Obstacle(reason: "[project] has no version.")
            }
            text = stated
        } else {
            if table["version"] != nil {
                throw Obstacle(reason: "[project] has a version, and calls it dynamic.")
            }
            switch try backend.version(document) {
            case .ofTag: return
            case .inFile(let path): text = try Self.assignedVersion(in: path, files)
            }
        }
        guard let stated = Version(text) else { throw Obstacle(reason: "Its version is none (PEP 440).") }
        guard stated == version else {
            throw Obstacle(reason: "Its version is not that of the tag.", found: stated.description)
        }
    }

    /// The value of `__version__ = "..."`, the first such line.
    private static func assignedVersion(in path: String, _ files: StaticProject.Files) throws -> String {
        for line in try text(of: path, "version", files).split(whereSeparator: \.isNewline)
        where line.hasPrefix("__version__") {
            let value = line.dropFirst("__version__".count).drop { $0 == " " }
            guard value.first == "=" else { continue }
            let literal = value.dropFirst().drop { $0 == " " }
            guard let mark = literal.first, mark == "\"" || mark == "'" else { continue }
            return String(literal.dropFirst().prefix { $0 != mark })
        }
        throw Obstacle(reason: "The file of its version assigns no string to __version__.", found: path)
    }
}
