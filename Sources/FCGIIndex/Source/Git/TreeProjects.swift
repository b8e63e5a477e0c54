internal import Git
internal import PythonPackaging
internal import Synchronization

/// The projects that trees hold, found by their `pyproject.toml` or `setup.cfg` at any depth.
///
/// What a directory holds is remembered by its tree's id, so that of two tags only what differs is looked at.
final class TreeProjects: Sendable {
    /// A project and where it lies.
    struct Found: Hashable, Sendable {
        let name: ProjectName
        /// From the tree that was asked for; empty for the tree itself.
        var directory: String
        /// As the files have it; `nil` where it comes from elsewhere.
        let version: Version?
        /// Another directory, no deeper, that has a project of this name.
        var rival: String?

        fileprivate var depth: Int {
            directory.isEmpty ? 0 : directory.utf8.count { $0 == UInt8(ascii: "/") } + 1
        }

        fileprivate func below(_ name: String) -> Found {
            var found = self
            found.directory = directory.isEmpty ? name : "\(name)/\(directory)"
            found.rival = rival.map { "\(name)/\($0)" }
            return found
        }
    }

    /// Directories that are not looked into, hidden ones besides: what lies there is somebody else's, or an example.
    static let passedOver: Set = [
        "node_modules", "vendor", "test", "tests", "testdata", "fixtures", "examples",
    ]
    /// Directories nested deeper than this are not looked into.
    static let depthLimit = 32
    /// A file larger than this declares nothing.
    private static let largestFile = 1 << 20
    /// Trees and projects in them that are remembered; past it the least recently asked ones are read anew.
    private static let limit = 1 << 17

    private struct Files: Hashable {
        let project: ObjectID?
        let setup: ObjectID?
    }

    private let known = Mutex(LeastRecentlyUsed<ObjectID, [Found]>(limit: TreeProjects.limit))
    private let declarations = Mutex<[Files: ProjectDeclaration?]>([:])

    /// The projects in `tree`, by name. Of several with one name the one in the outermost directory.
    ///
    /// Costs nothing for a tree that was looked at before, and else the reading of what in it is new.
    func projects(of tree: ObjectID, in repository: borrowing Repository) throws(GitError) -> [Found] {
        try projects(of: tree, depth: 0, in: repository)
    }

    /// The project `name` in `tree`; `nil` where there is none.
    func project(
        _ name: ProjectName,
        of tree: ObjectID,
        in repository: borrowing Repository
    ) throws(GitError) -> Found? {
        try projects(of: tree, in: repository).first { $0.name == name }
    }

    private func projects(
        of tree: ObjectID,
        depth: Int,
        in repository: borrowing Repository
    ) throws(GitError) -> [Found] {
        if let known = known.withLock({ $0[tree]?.value }) { return known }
        var found: [ProjectName: Found] = [:]
        var files = (project: ObjectID?.none, setup: ObjectID?.none)
        for entry in try repository.entries(of: tree) {
            switch (entry.name, entry.entry.kind) {
            case ("pyproject.toml", .blob): files.project = entry.entry.id
            case ("setup.cfg", .blob): files.setup = entry.entry.id
            case (let name, .tree) where depth < Self.depthLimit && Self.isLookedInto(name):
                for inner in try projects(of: entry.entry.id, depth: depth + 1, in: repository) {
                    Self.add(inner.below(name), to: &found)
                }
            default: break
            }
        }
        if let own = try declaration(Files(project: files.project, setup: files.setup), in: repository) {
            Self.add(Found(name: own.name, directory: "", version: own.version), to: &found)
        }
        let projects = found.values.sorted { $0.name < $1.name }
        known.withLock { $0.insert(projects, for: tree, weight: projects.count + 1) }
        return projects
    }

    private static func isLookedInto(_ name: String) -> Bool {
        !name.hasPrefix(".") && !passedOver.contains(name)
    }

    /// The outermost one stays; two that are equally deep are rivals, since nothing says which is meant.
    private static func add(_ new: Found, to found: inout [ProjectName: Found]) {
        guard let old = found[new.name], old.depth <= new.depth else {
            found[new.name] = new
            return
        }
        if old.depth == new.depth && old.rival == nil { found[new.name]?.rival = new.directory }
    }

    private func declaration(
        _ files: Files,
        in repository: borrowing Repository
    ) throws(GitError) -> ProjectDeclaration? {
        if files.project == nil && files.setup == nil { return nil }
        if let known = declarations.withLock({ $0[files] }) { return known }
        let project = try Self.bytes(files.project, in: repository)
        let setup = try Self.bytes(files.setup, in: repository)
        let declaration = ProjectDeclaration(project, setup: setup)
        declarations.withLock {
            if $0.count >= Self.limit { $0.removeAll() }
            $0[files] = .some(declaration)
        }
        return declaration
    }

    /// Nothing for a file that is not there, or too large.
    private static func bytes(
        _ id: ObjectID?,
        in repository: borrowing Repository
    ) throws(GitError) -> [UInt8] {
        guard let id else { return [] }
        do throws(GitError) {
            return try repository.blob(id, limit: largestFile)
        } catch .tooLarge { return [] }
    }
}
