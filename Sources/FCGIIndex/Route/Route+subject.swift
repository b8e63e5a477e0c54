internal import PythonPackaging

extension Route {
    /// What a request is about, which decides who may make it.
    enum Subject: Hashable {
        /// Nothing of any project: everybody may.
        case nothing
        /// Many projects: everybody gets those that they may read.
        case many
        /// What is said of a project.
        case project(ProjectName)
        /// A file of a project, or what lies beside one.
        case file(ProjectName)

        /// The project; `nil` where it is none, or many.
        var project: ProjectName? {
            switch self {
            case .nothing, .many: nil
            case .project(let name), .file(let name): name
            }
        }
    }

    /// What a request by this route is about. A new route has to say it here.
    var subject: Subject {
        switch self {
        case .home, .health, .ready, .metrics, .echo: .nothing
        // Made of the URL alone, so they say nothing of what there is.
        case .moved, .unknown: .nothing
        case .projects, .builds: .many
        case .project(let name), .build(let name, _), .explanation(let name, _), .legacyJSON(let name, _):
            .project(name)
        case .file(let name, _, _), .metadata(let name, _, _), .signature(let name, _, _): .file(name)
        case .integrity(let name, _, _): .file(name)
        case .package(let file): .file(file.project)
        }
    }
}
