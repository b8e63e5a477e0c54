internal import Digest

/// How a tagged tree becomes a source distribution.
public struct Recipe: Hashable, Sendable {
    /// What of the tree is exported.
    public enum Checkout: String, Hashable, Sendable, CaseIterable {
        /// The package's directory, the dot files of the directories above it, and the extra paths.
        case package
        /// Everything.
        case tree
    }

    /// Which wheels of an index count for what a build requires.
    public enum RequirementsTime: String, Hashable, Sendable, CaseIterable {
        /// All, when a file is first built.
        case build
        /// Those that the index had at the end of the commit's day (UTC).
        case commit
    }

    /// The number of the archive format: it changes when the canonical repack would give other bytes.
    public static let format = 1

    /// See `Checkout`.
    public var checkout = Checkout.package
    /// Paths from the root of the tree that are exported too. Relative, without `..`.
    public var extraCheckoutPaths: [String] = []
    /// The program and its arguments; `nil` lets the package's build back end make the sdist.
    public var command: [String]?
    /// Where the command leaves the archive, from the package's directory.
    public var artifactsDirectory = "dist"
    /// Whether the command reaches the network.
    public var hasNetwork = false
    /// Whether what `[build-system]` requires is installed before the command.
    public var installsRequirements = true
    /// See `RequirementsTime`. A wheelhouse is taken as it is.
    public var requirementsTime = RequirementsTime.build
    /// Whether the export is made a git repository with one commit and the tag; `nil`: where the back end asks git.
    public var makesRepository: Bool?
    /// How long the command may run.
    public var timeout: Duration = .seconds(600)

    /// The recipe of a source that configures none.
    public init() {}

    /// 64 hexadecimal digits over everything that may change the result, so not over the time limit.
    public var digest: String {
        // Counts, so that a list's end cannot be mistaken for an element of it.
        let parts =
            [checkout.rawValue, artifactsDirectory, "\(extraCheckoutPaths.count)"]
            + extraCheckoutPaths.sorted() + (command.map { ["\($0.count)"] + $0 } ?? ["default"])
            // What came later counts only where it is asked for, so that older identities stay.
            + (hasNetwork ? ["network"] : []) + (installsRequirements ? [] : ["no requirements"])
            + (makesRepository.map { [$0 ? "git" : "no git"] } ?? [])
            + (requirementsTime == .build ? [] : ["requirements of the \(requirementsTime.rawValue)"])
        return SHA256.hash(Array(parts.joined(separator: "\0").utf8)).description
    }
}
