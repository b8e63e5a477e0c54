/// The version of the Simple API that a page announces (PEP 629, PEP 691): never more than the page satisfies.
enum APIVersion: String, Sendable {
    /// 1.1 and later demand a size for every file (PEP 700), which a file that is not built yet has not, and many a file
    /// of another index.
    case partial = "1.0"
    /// With PEP 700, PEP 714 and PEP 792; HTML is frozen here (PEP 833).
    case complete = "1.4"

    init(_ page: ProjectPage) {
        self = page.files.allSatisfy { $0.bytes?.size != nil } ? .complete : .partial
    }
}
