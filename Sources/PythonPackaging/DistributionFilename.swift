/// The file name of a distribution of any kind that an index may list.
public enum DistributionFilename: Hashable, Sendable, CustomStringConvertible {
    /// PEP 427
    case wheel(WheelFilename)
    /// PEP 625
    case source(SourceDistributionFilename)
    /// from before PEP 625
    case legacySource(LegacySourceFilename)
    /// from before wheels
    case egg(EggFilename)

    /// Reads a name whose project is not known; `nil` when it is no distribution's.
    ///
    /// Of a legacy source distribution, the shortest end that is a version is the version.
    public init?(_ text: some StringProtocol) { self.init(text, LegacySourceFilename(text)) }

    /// Reads a name of a file of `project`; `nil` when it is none.
    public init?(_ text: some StringProtocol, of project: ProjectName) {
        self.init(text, LegacySourceFilename(text, of: project))
        if self.project != project { return nil }
    }

    private init?(_ text: some StringProtocol, _ legacy: @autoclosure () -> LegacySourceFilename?) {
        if let wheel = WheelFilename(text) {
            self = .wheel(wheel)
        } else if let source = SourceDistributionFilename(text) {
            self = .source(source)
        } else if let egg = EggFilename(text) {
            self = .egg(egg)
        } else if let legacy = legacy() {
            self = .legacySource(legacy)
        } else {
            return nil
        }
    }

    /// What the file is a distribution of.
    public var project: ProjectName {
        switch self {
        case .wheel(let name): name.project
        case .source(let name): name.project
        case .legacySource(let name): name.project
        case .egg(let name): name.project
        }
    }

    /// Its version.
    public var version: Version {
        switch self {
        case .wheel(let name): name.version
        case .source(let name): name.version
        case .legacySource(let name): name.version
        case .egg(let name): name.version
        }
    }

    /// The name as written.
    public var description: String {
        switch self {
        case .wheel(let name): name.description
        case .source(let name): name.description
        case .legacySource(let name): name.description
        case .egg(let name): name.description
        }
    }
}
