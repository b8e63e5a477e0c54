/// What is said of a project as a whole (PEP 792). A project that nobody marked is active.
public struct ProjectStatus: Hashable, Sendable, CustomStringConvertible {
    /// The marker, with the effect that the specification gives it.
    public enum Marker: String, Hashable, Sendable, CaseIterable {
        case active
        /// No more releases are expected. Its files are offered as ever; uploads are refused.
        case archived
        /// Unsafe until somebody has looked: no file of it is offered, and uploads are refused.
        case quarantined
        /// Another project took its place. The same as active to a client.
        case deprecated
    }

    /// The marker.
    public let marker: Marker
    /// Why, for people; `nil` or not empty.
    public let reason: String?

    /// An empty reason is none.
    public init(_ marker: Marker, reason: String? = nil) {
        self.marker = marker
        self.reason = reason?.isEmpty == true ? nil : reason
    }

    /// As it is written in messages, such as `archived: Use acme-core.`
    public var description: String { reason.map { "\(marker.rawValue): \($0)" } ?? marker.rawValue }

    /// Of a project that nobody marked.
    public static let active = ProjectStatus(.active)
}
