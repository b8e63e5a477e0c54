/// A set of conditions on a version, all of which must hold: `>=3.8,<4` (PEP 440 "Version specifiers").
///
/// The answers are those of Python's `packaging.specifiers.SpecifierSet`.
public struct VersionSpecifiers: Hashable, Sendable, CustomStringConvertible {
    /// Without repetitions, ordered by their texts.
    private let specifiers: [VersionSpecifier]

    /// Reads conditions separated by commas; none at all allow every version. `nil` when one cannot be read.
    public init?(_ text: some StringProtocol) {
        var specifiers: [VersionSpecifier] = []
        for part in text.utf8.split(separator: UInt8(ascii: ",")) where !part.allSatisfy(\.isSpace) {
            guard let specifier = VersionSpecifier(String(decoding: part, as: UTF8.self)) else { return nil }
            specifiers.append(specifier)
        }
        specifiers.sort { $0.description < $1.description }
        var known: Set<VersionSpecifier> = []
        self.specifiers = specifiers.filter { known.insert($0).inserted }
    }

    /// Whether every version is allowed.
    public var isEmpty: Bool { specifiers.isEmpty }

    /// Whether a condition asks for pre-releases by naming one: `>=1.0rc1`.
    public var namesPrerelease: Bool { specifiers.contains(where: \.namesPrerelease) }

    /// Whether `version` meets every condition.
    ///
    /// - Parameter prereleases: `false` refuses pre-releases; `true` and `nil` treat them as all others,
    ///   since whether one is to be taken depends on what else there is, which `filter` sees.
    public func contains(_ version: Version, prereleases: Bool? = nil) -> Bool {
        if prereleases == false && version.isPrerelease { return false }
        return specifiers.allSatisfy { $0.matches(version) }
    }

    /// The versions that meet every condition, in the order given.
    ///
    /// - Parameter prereleases: whether pre-releases are taken; `nil` takes them where a condition names one,
    ///   and where nothing else is left (PEP 440 "Handling of pre-releases").
    public func filter(_ versions: some Sequence<Version>, prereleases: Bool? = nil) -> [Version] {
        let matching = versions.filter { contains($0, prereleases: prereleases) }
        if prereleases != nil || namesPrerelease { return matching }
        let finals = matching.filter { !$0.isPrerelease }
        return finals.isEmpty ? matching : finals
    }

    /// The conditions, separated by commas and ordered by their texts.
    public var description: String { specifiers.map(\.description).joined(separator: ",") }
}
