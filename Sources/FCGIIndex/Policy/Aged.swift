internal import Glibc
public import POSIX
public import PythonPackaging
internal import Synchronization

/// A source whose files are offered only from an age on.
///
/// It stands outside of what keeps pages, and says by itself when a page is to be made anew because one of its files
/// has come of age.
public struct Aged<Base: PackageSource>: SourceWrapper {
    /// The source inside.
    public let base: Base
    private let age: MinimumAge
    private let sightings: Sightings
    private let now: @Sendable () -> Int64
    private let coming = ComingOfAge()

    fileprivate init(
        _ base: Base,
        _ age: MinimumAge,
        _ sightings: Sightings,
        _ now: @escaping @Sendable () -> Int64
    ) {
        self.base = base
        self.age = age
        self.sightings = sightings
        self.now = now
    }

    /// The page of a project with the files that are old enough, where else to find it, or that it is not here.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        let answer = try base.project(name)
        guard case .page(var page) = answer, !age.excepts(name) else { return answer }
        let young = try judge(page)
        if !young.isEmpty { page.files = page.files.filter { young[$0.identity] == nil } }
        return .page(page)
    }

    /// What the source says, and until when files are hidden.
    public func explanation(of name: ProjectName) -> Explanation {
        var explanation = base.explanation(of: name)
        guard case .page(let page) = explanation.outcome, !age.excepts(name) else { return explanation }
        do throws(SourceError) {
            let young = try judge(page)
            explanation.withhold { young[$0.identity]?.reason(age) }
        } catch {
            explanation.add(names.first ?? "", "cannot say how old its files are: \(error.reason)")
            explanation.outcome = .failed(error)
        }
        return explanation
    }

    /// The file of this name and identity, if it is old enough, or no page names it any more: then it was published
    /// once, and a lock file may have it.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        guard let artifact = try base.artifact(file, of: name, identity: identity) else { return nil }
        if age.excepts(name) { return artifact }
        guard case .page(let page) = try base.project(name) else { return artifact }
        return try judge(page)[identity] == nil ? artifact : nil
    }

    /// Whether ``changes()`` might have something to say.
    public func hasNews(at glance: InotifyGlance) -> Bool { coming.next <= now() || base.hasNews(at: glance) }

    /// What changed since the last call; a file that has come of age is a change.
    public func changes() -> SourceChanges {
        var changes = base.changes()
        let due = coming.takeDue(at: now())
        if !due.isEmpty { changes.merge(.some(due)) }
        return changes
    }

    /// The files of `page` that are too young now, and notes when that ends for the first of them.
    private func judge(_ page: ProjectPage) throws(SourceError) -> [Identity: Youth] {
        let now = now()
        let births: [Int64?]
        do throws(CatalogError) {
            births =
                age.basis == .uploadTime
                ? page.files.map { $0.uploadTime?.seconds }
                : try sightings.firstSeen(page.files, of: page.name, in: names.first ?? "", at: now)
        } catch { throw .unavailable(source: names.first ?? "", reason: "\(error)") }
        var young: [Identity: Youth] = [:]
        for (file, birth) in zip(page.files, births) {
            guard let birth else {
                young[file.identity] = .ageless
                continue
            }
            // Nothing is added to what another index says, which may be any number.
            if birth > now - age.duration { young[file.identity] = .until(birth: birth) }
        }
        coming.expect(page.name, young.values.compactMap(\.birth).min().map { $0 + age.duration })
        return young
    }
}

/// Why a file is not offered yet.
private enum Youth {
    /// Until long enough after this, in seconds since 1970.
    case until(birth: Int64)
    /// For ever: nobody says since when there has been a file.
    case ageless

    var birth: Int64? { if case .until(let birth) = self { birth } else { nil } }

    func reason(_ age: MinimumAge) -> String {
        switch self {
        case .until(let birth):
            let event = age.basis == .uploadTime ? "uploaded" : "first seen"
            return "The minimum age: it was \(event) at \(Timestamp(birth)), and is offered from "
                + "\(Timestamp(birth + age.duration)) on."
        case .ageless: return "The minimum age: its index does not say when it was uploaded."
        }
    }
}

/// When pages change by themselves.
private final class ComingOfAge: Sendable {
    /// By project, in seconds since 1970: only projects with young files that somebody asked for.
    private let due = Mutex<[ProjectName: Int64]>([:])
    private let earliest = Atomic(Int64.max)

    /// The time of the next change.
    var next: Int64 { earliest.load(ordering: .acquiring) }

    /// Notes the time of a project's next change; `nil` where there is none.
    func expect(_ name: ProjectName, _ time: Int64?) {
        due.withLock { due in
            if due[name] == time { return }
            due[name] = time
            earliest.store(due.values.min() ?? .max, ordering: .releasing)
        }
    }

    /// The projects that changed up to `now`, each once.
    func takeDue(at now: Int64) -> Set<ProjectName> {
        due.withLock { due in
            let names = due.filter { $0.value <= now }.keys
            if names.isEmpty { return [] }
            for name in names { due[name] = nil }
            earliest.store(due.values.min() ?? .max, ordering: .releasing)
            return Set(names)
        }
    }
}

extension PackageSource {
    /// This source with files that are old enough.
    ///
    /// - Parameters:
    ///   - sightings: remembers when files were first seen.
    ///   - now: seconds since 1970.
    func aged(
        _ age: MinimumAge,
        sightings: Sightings,
        now: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }
    ) -> Aged<Self> {
        Aged(self, age, sightings, now)
    }
}
