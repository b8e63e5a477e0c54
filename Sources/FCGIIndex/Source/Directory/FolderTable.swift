internal import PythonPackaging

/// What lies in a source's folder: files by directory, and which of them make up a project.
struct FolderTable: Sendable {
    private struct Folder: Sendable {
        var files: [String: KeptFile] = [:]
        var skipped: [String: SkippedFile.Reason] = [:]
        /// Names that end as `FolderTable.companions` does.
        var companions: Set<String> = []
        /// Names of the directories in it.
        var directories: Set<String> = []

        /// Gives back what was there.
        mutating func put(_ file: KeptFile, as name: String) -> KeptFile? {
            if !skipped.isEmpty { skipped[name] = nil }
            return files.updateValue(file, forKey: name)
        }
    }

    /// The ends of the names of what lies beside a file: a detached signature, a provenance object.
    private static let companions = [".asc", ".provenance"]

    private let packages: [NamePattern]?
    private var folders: [String: Folder] = [:]
    private(set) var projects: [ProjectName: Set<FilePlace>] = [:]
    /// When files that are not ready are to be looked at again, in nanoseconds since 1970.
    private(set) var due: [FilePlace: Int64] = [:]

    init(packages: [NamePattern]?) { self.packages = packages }

    func contains(_ directory: String) -> Bool { folders[directory] != nil }

    /// The names in a directory that something is known of, directories included.
    func names(in directory: String) -> Set<String> {
        guard let folder = folders[directory] else { return [] }
        return folder.directories.union(folder.files.keys).union(folder.skipped.keys)
            .union(folder.companions)
    }

    /// The ways to the directories in a directory.
    func directories(in directory: String) -> [String] {
        (folders[directory]?.directories ?? []).map { FilePlace(folder: directory, name: $0).path }
    }

    /// Notes a directory, empty at first.
    mutating func add(_ directory: String) {
        if folders[directory] != nil { return }
        folders[directory] = Folder()
        let place = FilePlace(path: directory)
        if !directory.isEmpty { folders[place.folder]?.directories.insert(place.name) }
    }

    /// Forgets a directory with its files, and names the projects that lose some.
    mutating func remove(_ directory: String) -> Set<ProjectName> {
        var changed: Set<ProjectName> = []
        for name in folders[directory]?.files.keys.map({ $0 }) ?? [] {
            changed.formUnion(remove(FilePlace(folder: directory, name: name)))
        }
        folders[directory] = nil
        let place = FilePlace(path: directory)
        folders[place.folder]?.directories.remove(place.name)
        return changed
    }

    subscript(place: FilePlace) -> KeptFile? { folders[place.folder]?.files[place.name] }

    /// Whether a detached signature lies beside the file.
    func isSigned(_ place: FilePlace) -> Bool { has(".asc", beside: place) }

    /// Whether a provenance object lies beside the file (PEP 740).
    func hasProvenance(_ place: FilePlace) -> Bool { has(".provenance", beside: place) }

    private func has(_ ending: String, beside place: FilePlace) -> Bool {
        guard let companions = folders[place.folder]?.companions, !companions.isEmpty else { return false }
        return companions.contains(place.name + ending)
    }

    /// What is to be done with an entry of this name, before anybody looks at it.
    enum Intent {
        case file(DistributionFilename)
        case companion
        case skip(SkippedFile.Reason)
    }

    func intent(_ place: FilePlace) -> Intent {
        if let objection = FilePlace.objection(to: place.name) { return .skip(objection) }
        if Self.companions.contains(where: place.name.hasSuffix) { return .companion }
        guard let file = place.distribution else { return .skip(.noDistribution) }
        if let packages, !packages.contains(where: { $0.matches(file.project) }) { return .skip(.unclaimed) }
        return .file(file)
    }

    // MARK: Changes, each of which names the projects that look different

    mutating func put(_ file: KeptFile, at place: FilePlace, of project: ProjectName) -> Set<ProjectName> {
        let earlier = folders[place.folder]?.put(file, as: place.name)
        if !due.isEmpty || file.readiness != .ready { due[place] = file.readiness.due }
        if earlier == nil { projects[project, default: []].insert(place) }
        // What was never read may be missing on a page that was made meanwhile.
        let isSame = earlier?.stamp == file.stamp && earlier?.facts != nil && file.facts != nil
        return isSame && earlier?.readiness == file.readiness ? [] : [project]
    }

    mutating func skip(_ place: FilePlace, _ reason: SkippedFile.Reason) -> Set<ProjectName> {
        let changed = remove(place)
        folders[place.folder]?.skipped[place.name] = reason
        return changed
    }

    /// Notes what lies beside a file, at `place`.
    mutating func accompany(_ place: FilePlace) -> Set<ProjectName> {
        folders[place.folder]?.companions.insert(place.name)
        return accompanied(by: place)
    }

    /// Forgets a file, what lies beside one, or a skipped entry.
    mutating func remove(_ place: FilePlace) -> Set<ProjectName> {
        due[place] = nil
        if folders[place.folder]?.companions.remove(place.name) != nil { return accompanied(by: place) }
        folders[place.folder]?.skipped[place.name] = nil
        guard folders[place.folder]?.files.removeValue(forKey: place.name) != nil,
            let project = place.distribution?.project
        else { return [] }
        projects[project]?.remove(place)
        if projects[project]?.isEmpty == true { projects[project] = nil }
        return [project]
    }

    private func accompanied(by place: FilePlace) -> Set<ProjectName> {
        let ending = Self.companions.first(where: place.name.hasSuffix) ?? ""
        let file = FilePlace(folder: place.folder, name: String(place.name.dropLast(ending.count)))
        guard self[file] != nil, let project = file.distribution?.project else { return [] }
        return [project]
    }

    /// Notes what was learnt of a file, unless it changed meanwhile.
    mutating func record(_ facts: FileFacts, stamp: FileStamp, at place: FilePlace) {
        guard self[place]?.stamp == stamp else { return }
        folders[place.folder]?.files[place.name]?.facts = facts
    }

    /// Sees to it that a file is looked at again at once.
    mutating func doubt(_ place: FilePlace) { due[place] = 0 }

    // MARK: What is listed

    /// The files of a project that are listed, and those that are not.
    func files(of project: ProjectName) -> (listed: [(FilePlace, KeptFile)], skipped: [SkippedFile]) {
        let places = projects[project] ?? []
        var listed: [(FilePlace, KeptFile)] = []
        var skipped: [SkippedFile] = []
        var indices: [String: Int] = [:]
        listed.reserveCapacity(places.count)
        indices.reserveCapacity(places.count)
        for place in places {
            guard let file = self[place] else { continue }
            guard case .ready = file.readiness else {
                skipped.append(SkippedFile(path: place.path, reason: .beingWritten))
                continue
            }
            guard let index = indices[place.name] else {
                indices[place.name] = listed.count
                listed.append((place, file))
                continue
            }
            // Of files with one name that of the first path is listed, whoever came first.
            let other = listed[index].0
            let isFirst = place.path < other.path
            if isFirst { listed[index] = (place, file) }
            skipped.append(SkippedFile(path: (isFirst ? other : place).path, reason: .duplicate))
        }
        return (listed, skipped)
    }

    /// Everything that is not listed, by path.
    var skipped: [SkippedFile] {
        var all: [SkippedFile] = []
        for (path, folder) in folders {
            for (name, reason) in folder.skipped {
                all.append(SkippedFile(path: FilePlace(folder: path, name: name).path, reason: reason))
            }
        }
        for project in projects.keys { all += files(of: project).skipped }
        return all.sorted { $0.path < $1.path }
    }

    /// How many directories there are.
    var directoryCount: Int { folders.count }

    /// What is known of files, by path.
    var knowledge: [String: (stamp: FileStamp, facts: FileFacts)] {
        var known: [String: (stamp: FileStamp, facts: FileFacts)] = [:]
        for (path, folder) in folders {
            for (name, file) in folder.files {
                guard let facts = file.facts else { continue }
                known[FilePlace(folder: path, name: name).path] = (file.stamp, facts)
            }
        }
        return known
    }
}
