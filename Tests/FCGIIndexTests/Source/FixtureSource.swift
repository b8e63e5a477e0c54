internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

/// A source of pages that the test writes, which remembers what it was asked for.
final class FixtureSource: PackageSource {
    private struct State {
        var pages: [ProjectName: ProjectPage] = [:]
        var isFailing = false
        var isElsewhere = false
        var asked: [ProjectName] = []
        var changed: Set<ProjectName> = []
    }

    let names: [String]
    private let state = Mutex(State())

    init(_ name: String, _ files: String...) throws {
        names = [name]
        for file in files { try put(file) }
    }

    var asked: [ProjectName] { state.withLock { $0.asked } }

    var isFailing: Bool {
        get { state.withLock { $0.isFailing } }
        set { state.withLock { $0.isFailing = newValue } }
    }

    /// Whether it is another index, which learns the names that it is asked for.
    var asksOthers: Bool {
        get { state.withLock { $0.isElsewhere } }
        set { state.withLock { $0.isElsewhere = newValue } }
    }

    /// Adds a file to its project's page.
    func put(_ file: String, uploaded: Int64? = nil, identity: Identity? = nil, yank: Yank? = nil) throws {
        let filename = try #require(DistributionFilename(file))
        let listed = IndexFile(
            filename: filename,
            identity: identity ?? Identity(hashing: [names[0], file]),
            requiresPython: nil,
            uploadTime: uploaded.map { Timestamp($0) },
            bytes: nil,
            yank: yank
        )
        state.withLock { state in
            state.pages[filename.project, default: ProjectPage(name: filename.project, files: [])].files
                .append(listed)
            state.changed.insert(filename.project)
        }
    }

    func mark(_ name: ProjectName, _ status: ProjectStatus) {
        state.withLock { $0.pages[name, default: ProjectPage(name: name, files: [])].status = status }
    }

    func remove(_ name: ProjectName) { state.withLock { $0.pages[name] = nil } }

    func projects() throws(SourceError) -> [ProjectName] { try read { Array($0.pages.keys) } }

    func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        state.withLock { $0.asked.append(name) }
        return try read { $0.pages[name] }.map { .page($0) } ?? .absent
    }

    func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        state.withLock { $0.asked.append(name) }
        return try read { $0.pages[name] }?.files.contains { $0.identity == identity } == true ? .stored : nil
    }

    func quarantine(of name: ProjectName) -> ProjectStatus? {
        state.withLock { $0.pages[name]?.status }.flatMap { $0.marker == .quarantined ? $0 : nil }
    }

    func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        if asksOthers { return false }
        return try read { $0.pages[name] != nil }
    }

    func hasNews(at glance: InotifyGlance) -> Bool { state.withLock { !$0.changed.isEmpty } }

    func changes() -> SourceChanges {
        state.withLock { state in
            defer { state.changed = [] }
            return state.changed.isEmpty ? .none : .some(state.changed)
        }
    }

    private func read<Value: Sendable>(_ body: (State) -> Value) throws(SourceError) -> Value {
        let (isFailing, value) = state.withLock { ($0.isFailing, body($0)) }
        if isFailing { throw .unavailable(source: names[0], reason: "It is switched off.") }
        return value
    }
}

extension PackageSource {
    /// The names of the files of a project's page; `nil` where there is no page.
    func files(of name: String) throws -> [String]? {
        guard case .page(let page) = try project(try #require(ProjectName(name))) else { return nil }
        return page.files.map(\.filename.description)
    }

    /// The same by what it says of itself, having seen that it says where each file is from.
    func explainedFiles(of name: String) throws -> [String]? {
        let explanation = explanation(of: try #require(ProjectName(name)))
        switch explanation.outcome {
        case .page(let page):
            #expect(page.files.allSatisfy { explanation.origins[$0.filename.description] != nil })
            return page.files.map(\.filename.description)
        case .failed(let error): throw error
        case .redirect, .absent: return nil
        }
    }
}
