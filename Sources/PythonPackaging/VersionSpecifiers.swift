/// A set of conditions on a version, all of which must hold (PEP 440 "Version specifiers"): `>=3.8,<4`.
public struct VersionSpecifiers: Hashable, Sendable, CustomStringConvertible {
    private let specifiers: [VersionSpecifier]

    /// Reads conditions separated by commas; none at all allow every version. `nil` when one cannot be read.
    public init?(_ text: some StringProtocol) {
        var specifiers: [VersionSpecifier] = []
        for part in text.split(separator: ",") {
            let trimmed = part.drop { $0.isWhitespace }
            if trimmed.isEmpty { continue }
            guard let specifier = VersionSpecifier(String(trimmed)) else { return nil }
            specifiers.append(specifier)
        }
        self.specifiers = specifiers
    }

    /// Whether `version` meets every condition.
    ///
    /// - Parameter prereleases: whether pre-releases count; `nil` counts them where a condition names one.
    public func contains(_ version: Version, prereleases: Bool? = nil) -> Bool {
        if version.isPrerelease && !(prereleases ?? specifiers.contains { $0.namesPrerelease }) {
            return false
        }
        return specifiers.allSatisfy { $0.matches(version) }
    }

    /// The conditions, separated by commas, in the order they were written.
    public var description: String { specifiers.map(\.description).joined(separator: ",") }
}

/// One condition, such as `~=1.4.2`.
struct VersionSpecifier: Hashable, Sendable, CustomStringConvertible {
    enum Comparison: String, Hashable, Sendable, CaseIterable {
        // Longer ones first, since reading takes the first that fits.
        case arbitrary = "==="
        case compatible = "~="
        case equal = "=="
        case different = "!="
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case greater = ">"
    }

    private let comparison: Comparison
    /// `nil` for `===`, which compares texts.
    private let version: Version?
    /// `==1.4.*`: the release only has to begin so.
    private let isPrefix: Bool
    private let text: String

    init?(_ written: String) {
        guard let comparison = Comparison.allCases.first(where: { written.hasPrefix($0.rawValue) }) else {
            return nil
        }
        var rest = written.dropFirst(comparison.rawValue.utf8.count).drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        text = String(rest)
        self.comparison = comparison
        if comparison == .arbitrary {
            guard !rest.isEmpty, !rest.contains(where: { $0.isWhitespace }) else { return nil }
            version = nil
            isPrefix = false
            return
        }
        isPrefix = rest.hasSuffix(".*")
        guard let version = Version(isPrefix ? rest.dropLast(2) : rest) else { return nil }
        let isEquality = comparison == .equal || comparison == .different
        if isPrefix && (!isEquality || !version.isReleaseOnly) { return nil }
        if version.local != nil && !isEquality { return nil }
        if comparison == .compatible && version.release.count < 2 { return nil }
        self.version = version
    }

    var description: String { comparison.rawValue + text }

    /// Whether the condition itself names a pre-release, so that it asks for one.
    var namesPrerelease: Bool {
        let version = version ?? Version(text)
        return comparison != .different && version?.isPrerelease == true
    }

    func matches(_ candidate: Version) -> Bool {
        guard let version else { return candidate.description.lowercased() == text.lowercased() }
        switch comparison {
        case .arbitrary: return false
        case .equal: return isEqual(candidate, to: version)
        case .different: return !isEqual(candidate, to: version)
        case .atMost: return candidate.withoutLocal <= version
        case .atLeast: return candidate.withoutLocal >= version
        case .compatible:
            return candidate.withoutLocal >= version
                && candidate.begins(with: version.release.dropLast(), version.epoch)
        case .less:
            // Not the pre-releases of the version itself, unless it is one.
            return candidate < version && (version.isPrerelease || !candidate.isPrerelease(of: version))
        case .greater:
            // Nor its post-releases and local versions.
            return candidate > version && (version.isPostrelease || !candidate.isPostrelease(of: version))
                && candidate.withoutLocal != version
        }
    }

    private func isEqual(_ candidate: Version, to version: Version) -> Bool {
        if isPrefix { return candidate.begins(with: version.release, version.epoch) }
        return version.local == nil ? candidate.withoutLocal == version : candidate == version
    }
}

extension Version {
    fileprivate var withoutLocal: Version { local == nil ? self : Version(`public`) ?? self }

    /// Whether nothing stands but epoch and release.
    fileprivate var isReleaseOnly: Bool { !isPrerelease && post == nil && local == nil }

    fileprivate func isPrerelease(of other: Version) -> Bool {
        isPrerelease && hasBase(of: other) && (other.post == nil || post == other.post)
    }

    fileprivate func isPostrelease(of other: Version) -> Bool {
        isPostrelease && hasBase(of: other) && pre == other.pre && other.development == nil
    }

    /// Whether release and epoch are those of `other`, whatever follows.
    private func hasBase(of other: Version) -> Bool {
        epoch == other.epoch && padded(to: other.release.count) == other.padded(to: release.count)
    }

    fileprivate func begins(with prefix: some Collection<DecimalNumber>, _ epoch: DecimalNumber) -> Bool {
        self.epoch == epoch && padded(to: prefix.count).starts(with: prefix)
    }

    private func padded(to count: Int) -> [DecimalNumber] {
        release + [DecimalNumber](repeating: .zero, count: max(0, count - release.count))
    }
}
