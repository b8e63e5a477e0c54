/// One condition on a version, such as `~=1.4.2` (PEP 440 "Version specifiers").
struct VersionSpecifier: Sendable, CustomStringConvertible {
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
    /// What was written after the comparison.
    private let text: String
    /// `nil` only for `===` with a text that is no version.
    private let version: Version?
    /// `==1.4.*`: the release only has to begin so.
    private let isPrefix: Bool

    /// Reads one condition, with white space around it and after the comparison; `nil` when it is none.
    init?(_ written: some StringProtocol) {
        let trimmed = written.withBytes { String(decoding: $0.trimmed, as: UTF8.self) }
        // By bytes: a combining character after it would make another character of the last "=".
        let comparison = Comparison.allCases.first { trimmed.utf8.starts(with: $0.rawValue.utf8) }
        guard let comparison else { return nil }
        let rest = trimmed.utf8.dropFirst(comparison.rawValue.utf8.count)
        let text = Substring(rest).withBytes { String(decoding: $0.trimmed, as: UTF8.self) }
        self.comparison = comparison
        self.text = text
        isPrefix =
            comparison != .arbitrary && text.hasSuffix(".*") && text.utf8.dropLast(2).last?.isSpace == false
        version = Version(isPrefix ? text.dropLast(2) : text[...])
        guard Self.isAllowed(comparison, text, version, isPrefix: isPrefix) else { return nil }
    }

    private static func isAllowed(
        _ comparison: Comparison,
        _ text: String,
        _ version: Version?,
        isPrefix: Bool
    ) -> Bool {
        if comparison == .arbitrary {
            // A semicolon begins a marker, and a parenthesis ends the specifiers of old metadata.
            return text.utf8.allSatisfy { !$0.isSpace && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ")") }
        }
        guard let version else { return false }
        return version.withParts { parts in
            let isEquality = comparison == .equal || comparison == .different
            if isPrefix {
                return isEquality && !parts.isPrerelease && parts.post == nil && parts.local == nil
            }
            if parts.local != nil && !isEquality { return false }
            return comparison != .compatible || parts.release.contains(UInt8(ascii: "."))
        }
    }

    /// The comparison and what was written after it, with no white space between.
    var description: String { comparison.rawValue + text }

    /// Whether the condition asks for a pre-release by naming one.
    var namesPrerelease: Bool { comparison != .different && version?.isPrerelease == true }

    /// Whether the condition holds; pre-releases are versions like all others here.
    func matches(_ candidate: Version) -> Bool {
        guard comparison != .arbitrary, let version else {
            return candidate.description == text.lowercased()
        }
        switch comparison {
        case .arbitrary: return false
        case .equal: return isEqual(candidate, to: version)
        case .different: return !isEqual(candidate, to: version)
        case .atMost: return candidate.withoutLocal <= version
        case .atLeast: return candidate.withoutLocal >= version
        case .compatible:
            return candidate.withoutLocal >= version && candidate.begins(with: version, droppingLast: true)
        case .less: return candidate < version && !candidate.prepares(version)
        case .greater: return candidate > version && !candidate.amends(version)
        }
    }

    private func isEqual(_ candidate: Version, to version: Version) -> Bool {
        if isPrefix { return candidate.begins(with: version, droppingLast: false) }
        return (version.local == nil ? candidate.withoutLocal : candidate) == version
    }
}

extension VersionSpecifier: Hashable {
    /// Equal when they mean the same: `==1.0` and `== 1.0.0` do, `~=1.0` and `~=1.0.0` do not.
    static func == (left: Self, right: Self) -> Bool {
        left.comparison == right.comparison && left.meaning == right.meaning
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(comparison)
        hasher.combine(meaning)
    }

    private enum Meaning: Hashable {
        case text(String)
        case version(Version)
    }

    private var meaning: Meaning {
        guard comparison != .arbitrary, !isPrefix, let version else { return .text(text) }
        return comparison == .compatible ? .text(version.description) : .version(version)
    }
}

extension Version {
    /// Whether epoch and release begin as those of `prefix` do, with or without its last number.
    fileprivate func begins(with prefix: Version, droppingLast: Bool) -> Bool {
        withParts { own in
            prefix.withParts { prefix in
                guard (own.epoch ?? .zero).order(prefix.epoch ?? .zero) == 0 else { return false }
                var segments = own.segments
                var wanted = prefix.segments
                var next = wanted.nextNumber()
                while let number = next {
                    next = wanted.nextNumber()
                    if droppingLast && next == nil { break }
                    if (segments.nextNumber() ?? .zero).order(number) != 0 { return false }
                }
                return true
            }
        }
    }

    /// Whether this is a pre-release of `version`, which is none: `<1.0` does not mean `1.0rc1`.
    fileprivate func prepares(_ version: Version) -> Bool {
        guard isPrerelease, !version.isPrerelease else { return false }
        return self
            >= version.keeping { parts in
                parts.development = .zero
                parts.local = nil
            }
    }

    /// Whether this is a post-release or a local version of `version`: `>1.0` means neither `1.0.post1` nor
    /// `1.0+x`.
    fileprivate func amends(_ version: Version) -> Bool {
        if local != nil && withoutLocal == version { return true }
        guard isPostrelease, !version.isPostrelease else { return false }
        return version == keeping { parts in (parts.post, parts.development, parts.local) = (nil, nil, nil) }
    }
}
