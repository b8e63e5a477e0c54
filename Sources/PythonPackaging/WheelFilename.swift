/// A wheel's file name (PEP 427, PEP 425): `acme_core-1.0-2-cp311.cp312-abi3-win_amd64.whl`.
///
/// Names that older tools wrote are read too: the project need not be normalized, nor sets of tags be sorted.
public struct WheelFilename: Hashable, Sendable, CustomStringConvertible {
    /// What the file is a distribution of.
    public let project: ProjectName
    /// Its version.
    public let version: Version
    /// `nil` where there is none, which comes before all of them.
    public let build: BuildTag?
    /// The interpreters, as written: `["cp311", "cp312"]`. Never empty.
    public let pythonTags: [String]
    /// The ABIs, as written. Never empty.
    public let abiTags: [String]
    /// The platforms, as written. Never empty.
    public let platformTags: [String]
    /// The name as written.
    public let description: String

    private static let suffix = ".whl"

    /// Reads a wheel's name; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        description = String(text)
        var copy = description
        let name = copy.withUTF8 { bytes -> Parts? in
            guard bytes.ends(with: Self.suffix) else { return nil }
            return Parts(bytes[part: 0..<bytes.count - Self.suffix.utf8.count])
        }
        guard let name else { return nil }
        project = name.project
        version = name.version
        build = name.build
        pythonTags = name.tags[0]
        abiTags = name.tags[1]
        platformTags = name.tags[2]
    }

    /// Every combination that the sets of tags stand for.
    public var tags: Set<CompatibilityTag> {
        var tags: Set<CompatibilityTag> = []
        for python in pythonTags {
            for abi in abiTags {
                for platform in platformTags {
                    tags.insert(CompatibilityTag(python: python, abi: abi, platform: platform))
                }
            }
        }
        return tags
    }

    private struct Parts {
        let project: ProjectName
        let version: Version
        let build: BuildTag?
        /// Three sets.
        let tags: [[String]]

        init?(_ stem: UnsafeBufferPointer<UInt8>) {
            let parts = stem.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
                .map { UnsafeBufferPointer(rebasing: $0) }
            guard parts.count == 5 || parts.count == 6, !parts[0].hasDoubleUnderscore,
                let project = ProjectName(utf8: parts[0]),
                parts[1].first?.isSpace == false, parts[1].last?.isSpace == false,
                let version = Version(utf8: parts[1])
            else { return nil }
            build = parts.count == 6 ? BuildTag(utf8: parts[2]) : nil
            if parts.count == 6 && build == nil { return nil }
            var tags: [[String]] = []
            for part in parts.suffix(3) {
                guard let set = Self.set(part) else { return nil }
                tags.append(set)
            }
            self.project = project
            self.version = version
            self.tags = tags
        }

        /// Tags with dots between them.
        private static func set(_ bytes: UnsafeBufferPointer<UInt8>) -> [String]? {
            let tags = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            let isValid = tags.allSatisfy { tag in
                !tag.isEmpty && tag.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "_") }
            }
            return isValid ? tags.map { String(decoding: $0, as: UTF8.self) } : nil
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// PEP 427 escapes a run of separators as one underscore.
    fileprivate var hasDoubleUnderscore: Bool {
        zip(self, dropFirst()).contains { $0 == UInt8(ascii: "_") && $1 == UInt8(ascii: "_") }
    }
}
