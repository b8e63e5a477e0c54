internal import POSIX
internal import PythonPackaging

/// A file that was fetched from another server and is kept on disk.
struct FetchedFile: Hashable {
    /// The source's name, as it is in the configuration, or was.
    let source: String
    let project: ProjectName
    let identity: Identity
    let filename: DistributionFilename
    let path: String
    let use: ArtifactStore.Use
}

/// All files that were fetched into one cache, whatever their sources.
struct FetchedFiles {
    /// Where each source has a directory by its name.
    let directory: String

    /// Looks at every file: one `lstat` each. What cannot be read counts as absent.
    func all() -> [FetchedFile] {
        names(in: directory).flatMap { source in
            names(in: "\(directory)/\(source)/files").flatMap { files(of: $0, source) }
        }
    }

    private func files(of project: String, _ source: String) -> [FetchedFile] {
        // What begins with a dot is on its way.
        guard let name = ProjectName(project) else { return [] }
        let place = "\(directory)/\(source)/files/\(project)"
        return names(in: place).flatMap { digits -> [FetchedFile] in
            guard let identity = Identity(digits) else { return [] }
            return names(in: "\(place)/\(digits)").compactMap { text in
                // Metadata beside a file has the name of none.
                guard let filename = DistributionFilename(text, of: name) else { return nil }
                let path = "\(place)/\(digits)/\(text)"
                guard let use = ArtifactStore.Use(path: path) else { return nil }
                return FetchedFile(
                    source: source,
                    project: name,
                    identity: identity,
                    filename: filename,
                    path: path,
                    use: use
                )
            }
        }
    }

    private func names(in path: String) -> [String] { (try? Directory.entries(path)) ?? [] }

    /// The files that pages which are kept name, so that they can be fetched again; each page is read once.
    struct Listed {
        private struct Page: Hashable {
            let source: String
            let project: ProjectName
        }

        private let directory: String
        private var known: [Page: Set<Identity>] = [:]
        /// What releases have, by the source, whatever the project.
        private var released: [String: Set<Identity>] = [:]

        init(_ files: FetchedFiles) { directory = files.directory }

        mutating func contains(_ file: FetchedFile) -> Bool {
            isOnPage(file) || isReleased(file)
        }

        private mutating func isOnPage(_ file: FetchedFile) -> Bool {
            let page = Page(source: file.source, project: file.project)
            if let identities = known[page] { return identities.contains(file.identity) }
            let read = try? pages(of: file.source).page(RemotePage.name(of: file.project))?.page
                .read(as: file.project)
            let identities = Set(read?.files.map { $0.identity(in: file.source) } ?? [])
            known[page] = identities
            return identities.contains(file.identity)
        }

        private mutating func isReleased(_ file: FetchedFile) -> Bool {
            let source = file.source
            if let identities = released[source] { return identities.contains(file.identity) }
            let names = (try? Directory.entries(place(of: source))) ?? []
            let identities = names.flatMap { name -> [Identity] in
                guard let repository = GitHubReleases.repository(of: name),
                    let page = try? pages(of: source).page(name)?.page,
                    let releases = try? GitHubReleases(page, of: .init(repository: repository, scope: nil))
                else { return [] }
                return releases.assets.map { $0.file.identity(in: source) }
            }
            released[source] = Set(identities)
            return identities.contains(file.identity)
        }

        private func place(of source: String) -> String { "\(directory)/\(source)/pages" }

        private func pages(of source: String) -> KeptPages {
            KeptPages(directory: place(of: source), group: nil)
        }
    }
}
