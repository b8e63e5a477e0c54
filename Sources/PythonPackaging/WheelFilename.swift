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
    /// The name as written.
    public let description: String

    private static let suffix = ".whl"

    /// Reads a wheel's name; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        description = String(text)
        var copy = description
        let name = copy.withUTF8 { bytes -> Parts? in
            guard bytes.ends(with: Self.suffix) else { return nil }
            return Parts(bytes[..<(bytes.count - Self.suffix.utf8.count)])
        }
        guard let name else { return nil }
        (project, version, build) = (name.project, name.version, name.build)
    }

    /// The interpreters, as written: `["cp311", "cp312"]`. Never empty.
    public var pythonTags: [String] { tagSets[0] }
    /// The ABIs, as written. Never empty.
    public var abiTags: [String] { tagSets[1] }
    /// The platforms, as written. Never empty.
    public var platformTags: [String] { tagSets[2] }

    /// The last three parts. They are taken from the name when they are asked for, which hardly anybody does.
    private var tagSets: [[String]] {
        description.dropLast(Self.suffix.utf8.count).split(separator: "-").suffix(3)
            .map { $0.split(separator: ".").map(String.init) }
    }

    /// Every combination that the sets of tags stand for.
    public var tags: Set<CompatibilityTag> {
        var tags: Set<CompatibilityTag> = []
        let sets = tagSets
        for python in sets[0] {
            for abi in sets[1] {
                for platform in sets[2] {
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

        /// - Parameter stem: the name without its suffix.
        init?(_ stem: Slice<UnsafeBufferPointer<UInt8>>) {
            var rest = stem
            guard let project = Self.next(in: &rest), !project.hasDoubleUnderscore,
                let version = Self.next(in: &rest),
                version.first?.isSpace == false, version.last?.isSpace == false,
                let project = ProjectName(utf8: project), let version = Version(utf8: version)
            else { return nil }
            switch rest.count(where: { $0 == Self.hyphen }) {
            case 2: build = nil
            case 3:
                guard let build = Self.next(in: &rest).flatMap({ BuildTag(utf8: $0) }) else { return nil }
                self.build = build
            default: return nil
            }
            guard Self.areTagSets(rest) else { return nil }
            (self.project, self.version) = (project, version)
        }

        private static let hyphen = UInt8(ascii: "-")

        /// What stands in front of the next hyphen.
        private static func next(
            in rest: inout Slice<UnsafeBufferPointer<UInt8>>
        ) -> UnsafeBufferPointer<UInt8>? {
            guard let end = rest.firstIndex(of: hyphen) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return UnsafeBufferPointer(rebasing: rest[..<end])
        }

        /// Tags with dots between them, in sets with hyphens between them.
        private static func areTagSets(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
            var isEmpty = true
            for byte in bytes {
                if byte.isAlphanumeric || byte == UInt8(ascii: "_") {
                    isEmpty = false
                } else if (byte == UInt8(ascii: ".") || byte == hyphen) && !isEmpty {
                    isEmpty = true
                } else {
                    return false
                }
            }
            return !isEmpty
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// PEP 427 escapes a run of separators as one underscore.
    fileprivate var hasDoubleUnderscore: Bool {
        zip(self, dropFirst()).contains { $0 == UInt8(ascii: "_") && $1 == UInt8(ascii: "_") }
    }
}
