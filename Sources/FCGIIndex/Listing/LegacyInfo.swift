internal import PythonPackaging

/// What a release says of itself, by the keys of the legacy JSON API: core metadata in lower case, with underscores.
struct LegacyInfo: Encodable {
    let name: String
    let version: String
    let requires_python: String?
    let yanked: Bool
    let yanked_reason: String?
    let summary: String?
    let description: String?
    let description_content_type: String?
    let keywords: String?
    let author: String?
    let author_email: String?
    let maintainer: String?
    let maintainer_email: String?
    let license: String?
    let license_expression: String?
    let home_page: String?
    let classifiers: [String]
    let requires_dist: [String]
    let provides_extra: [String]
    /// By label, such as `Source`.
    let project_urls: [String: String]

    /// - Parameter metadata: `nil` where none can be had, as of an sdist that is not built yet.
    init(_ name: ProjectName, _ version: Version, _ metadata: CoreMetadata?, files: [IndexFile]) {
        func value(_ field: String) -> String? { metadata?.values(of: field).first }
        self.name = metadata?.name ?? name.normalized
        self.version = version.description
        requires_python = metadata?.requiresPython ?? files.lazy.compactMap(\.requiresPython).first
        yanked = files.allSatisfy { $0.yank != nil }
        yanked_reason = yanked ? files.lazy.compactMap { $0.yank?.reason }.first : nil
        summary = metadata?.summary
        description = metadata?.description
        description_content_type = value("Description-Content-Type")
        keywords = value("Keywords")
        author = value("Author")
        author_email = value("Author-email")
        maintainer = value("Maintainer")
        maintainer_email = value("Maintainer-email")
        license = value("License")
        license_expression = value("License-Expression")
        home_page = value("Home-page")
        classifiers = metadata?.values(of: "Classifier") ?? []
        requires_dist = metadata?.requiresDist ?? []
        provides_extra = metadata?.providesExtra ?? []
        let pairs = (metadata?.values(of: "Project-URL") ?? []).compactMap { entry -> (String, String)? in
            guard let comma = entry.firstIndex(of: ",") else { return nil }
            return (String(entry[..<comma]), String(entry[entry.index(after: comma)...].drop { $0 == " " }))
        }
        project_urls = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
