extension Route {
    /// Which route it is, without what is in it: a label of metrics, of which there are only these values.
    enum Kind: Int, CaseIterable, Sendable {
        case home, projects, project, file, metadata, signature, package, builds, build, explanation
        case integrity, legacyJSON, health, ready, metrics, echo, moved, unknown
        /// It was not looked at: the method is none that is answered.
        case other

        /// The label's value.
        var label: String { self == .legacyJSON ? "legacy-json" : "\(self)" }
    }

    /// Which route this is.
    var kind: Kind {
        switch self {
        case .home: .home
        case .projects: .projects
        case .project: .project
        case .file: .file
        case .metadata: .metadata
        case .signature: .signature
        case .package: .package
        case .builds: .builds
        case .build: .build
        case .explanation: .explanation
        case .integrity: .integrity
        case .legacyJSON: .legacyJSON
        case .health: .health
        case .ready: .ready
        case .metrics: .metrics
        case .echo: .echo
        case .moved: .moved
        case .unknown: .unknown
        }
    }
}
