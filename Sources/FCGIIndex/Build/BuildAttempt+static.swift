internal import Archive
internal import POSIX
internal import PythonPackaging

extension BuildAttempt {
    /// Makes the canonical archive of the exported tree and of what its `pyproject.toml` says, running nothing.
    func pack(to canonical: String, _ log: inout BuildLog) throws(BuildFailure) -> Repacked {
        report(.checking, "")
        let project = try staticProject(&log)
        do throws(ArchiveError) {
            return try SourceArchive.pack(
                package,
                packageInfo: project.packageInfo,
                to: canonical,
                topLevel: key.filename.topLevel,
                time: key.commitTime
            )
        } catch {
            try? log.note(error.description)
            throw BuildFailure(error)
        }
    }

    private func staticProject(_ log: inout BuildLog) throws(BuildFailure) -> StaticProject {
        do {
            return try StaticProject(.init(in: package), project: key.project, version: key.version)
        } catch let obstacle as StaticProject.Obstacle {
            try? log.note("\(obstacle)")
            throw BuildFailure(.source, "It cannot be built without running code: \(obstacle.reason)")
        } catch let error as SystemError {
            throw BuildFailure(error, while: "reading the package")
        } catch {
            throw BuildFailure(.infrastructure, "The package cannot be read.")
        }
    }
}

extension StaticProject.Files {
    /// The files below `directory` on disk, without those that symbolic links name: they may lead anywhere.
    init(in directory: String) {
        read = { path in
            var place = directory
            for segment in path.split(separator: "/") {
                place += "/\(segment)"
                guard let status = try? FileStatus(path: place, followingLinks: false) else { return nil }
                if status.isSymbolicLink { return nil }
            }
            guard try FileStatus(path: place).isRegularFile else { return nil }
            return try File.read(place)
        }
        paths = { try Self.paths(in: directory) }
    }

    private static func paths(in directory: String) throws(SystemError) -> [String] {
        var paths: [String] = []
        for name in try Directory.entries(directory) {
            let status = try FileStatus(path: "\(directory)/\(name)", followingLinks: false)
            if status.isRegularFile { paths.append(name) }
            if status.isDirectory {
                paths += try Self.paths(in: "\(directory)/\(name)").map { "\(name)/\($0)" }
            }
        }
        return paths
    }
}
