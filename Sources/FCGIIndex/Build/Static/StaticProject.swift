internal import PythonPackaging
internal import TOMLKit

/// A package that its `pyproject.toml` describes without running anything: what its sdist says of it.
struct StaticProject: Sendable {
    /// Why a tree is no such package.
    struct Obstacle: Error, Hashable, Sendable, CustomStringConvertible {
        /// One sentence of our own words, without anything that stands in the tree.
        let reason: String
        /// What stands there; `nil` where the sentence says all.
        var found: String?

        /// The sentence and what was found, printable.
        var description: String {
            guard let found else { return reason }
            return
                "\(reason) (\(found.prefix(100).unicodeScalars.map { $0.escaped(asASCII: true) }.joined()))"
        }
    }

    /// The tracked files of the package's directory.
    struct Files {
        /// The bytes of the regular file at a path from that directory; `nil` where there is none.
        let read: (String) throws -> [UInt8]?
        /// The paths of all of them.
        let paths: () throws -> [String]
    }

    /// The fields of its metadata, in the order of the specification.
    private(set) var fields: [(name: String, value: String)] = []
    /// The description, which follows them.
    private(set) var body = ""

    /// Describes the package in `files`.
    ///
    /// - Parameters:
    ///   - project: whose package it must be.
    ///   - version: what the tag says; the tree must say the same, or leave it to the tag.
    /// - Throws: `Obstacle`, and what `files` throws.
    init(_ files: Files, project: ProjectName, version: Version) throws {
        guard let bytes = try files.read("pyproject.toml") else {
            throw Obstacle(reason: "It has no pyproject.toml.")
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0),
            let document = try? TOMLTable(string: text)
        else { throw Obstacle(reason: "Its pyproject.toml cannot be read.") }
        guard let table = document["project"]?.table else {
            throw Obstacle(reason: "Its pyproject.toml has no [project] (PEP 621).")
        }
        if try files.read("PKG-INFO") != nil { throw Obstacle(reason: "It has a PKG-INFO of its own.") }
        let backend = try StaticBackend(document)
        let reader = ProjectTable(table)
        try reader.checkKeys()
        let name = try reader.name(of: project)
        try reader.check(version, backend, document, files)
        fields = [("Metadata-Version", "2.4"), ("Name", name), ("Version", version.description)]
        try addDescription(reader, files)
        try addPeople(reader)
        try addLicense(reader, files)
        try addRequirements(reader)
        let (description, type) = try reader.readme(files)
        if let type { fields.append(("Description-Content-Type", type)) }
        body = description
    }

    /// The text of `PKG-INFO`.
    var packageInfo: [UInt8] {
        var text = ""
        for (name, value) in fields {
            // As setuptools folds a text of several lines.
            text += "\(name): \(value.replacing("\n", with: "\n        "))\n"
        }
        if !body.isEmpty { text += "\n" + body }
        return Array(text.utf8)
    }

    private mutating func addDescription(_ reader: ProjectTable, _ files: Files) throws {
        // Which files are the license's is left to the back end where the package does not say.
        if reader.table["license-files"] == nil { fields.append(("Dynamic", "License-File")) }
        if let summary = try reader.line("description"), !summary.isEmpty {
            fields.append(("Summary", summary))
        }
        let keywords = try reader.lines("keywords") ?? []
        if !keywords.isEmpty { fields.append(("Keywords", keywords.joined(separator: ","))) }
        for (label, url) in try reader.lineTable("urls") {
            fields.append(("Project-URL", "\(label), \(url)"))
        }
    }

    private mutating func addPeople(_ reader: ProjectTable) throws {
        for (key, field) in [("authors", "Author"), ("maintainers", "Maintainer")] {
            let people = try reader.people(key)
            let names = people.filter { $0.email == nil }.compactMap(\.name)
            let addresses = people.compactMap(\.address)
            if !names.isEmpty { fields.append((field, names.joined(separator: ", "))) }
            if !addresses.isEmpty { fields.append((field + "-email", addresses.joined(separator: ", "))) }
        }
    }

    private mutating func addLicense(_ reader: ProjectTable, _ files: Files) throws {
        switch try reader.license(files) {
        case .expression(let text)?: fields.append(("License-Expression", text))
        case .text(let text)?: fields.append(("License", text))
        case nil: break
        }
        for path in try reader.licenseFiles(files) { fields.append(("License-File", path)) }
        for classifier in try reader.lines("classifiers") ?? [] { fields.append(("Classifier", classifier)) }
    }

    private mutating func addRequirements(_ reader: ProjectTable) throws {
        if let text = try reader.line("requires-python") {
            guard let specifiers = VersionSpecifiers(text) else {
                throw Obstacle(reason: "requires-python is no set of versions.")
            }
            fields.append(("Requires-Python", specifiers.description))
        }
        for requirement in try reader.requirements() {
            fields.append(("Requires-Dist", requirement.description))
        }
        for (extra, requirements) in try reader.extras() {
            fields.append(("Provides-Extra", extra))
            for requirement in requirements {
                fields.append(("Requires-Dist", requirement.description(where: "extra == \"\(extra)\"")))
            }
        }
    }
}
