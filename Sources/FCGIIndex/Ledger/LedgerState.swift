internal import POSIX
internal import PythonPackaging

/// What the ledger's lines amount to.
struct LedgerState: Sendable {
    /// How far the file was read; `nil` before its first line.
    private(set) var position: LedgerFile.Position?
    private(set) var entries: [Identity: LedgerEntry] = [:]
    /// In the order of the file.
    private(set) var identities: [ProjectName: [Identity]] = [:]
    private(set) var owned: Set<ProjectName> = []
    /// The same names by the sources that were seen to have them.
    private(set) var ownedBy: [String: Set<ProjectName>] = [:]
    /// Published tags that moved, in the order of the file.
    private(set) var moves: [ProjectName: [MovedTag]] = [:]
    /// Files that were built a second time with the bytes of their line, and by which compressor, last.
    private(set) var reproduced: [Identity: String] = [:]
    /// The lines of `entries`.
    private(set) var lines: [Identity: LedgerFile.Place] = [:]
    /// The lines with the last attestations of published files.
    private(set) var attestations: [Identity: LedgerFile.Place] = [:]
    private var changed: Set<ProjectName> = []

    /// The projects with new lines since the last call.
    mutating func takeChanged() -> Set<ProjectName> {
        defer { changed.removeAll() }
        return changed
    }

    /// Reads what follows the position, or all of a file that took the old one's place.
    ///
    /// A line that cannot be read stops here, now and each time again: what follows it is never taken.
    mutating func catchUp(with file: LedgerFile) throws(LedgerError) {
        do throws(SystemError) {
            guard let status = try file.status() else { return startOver() }
            if let position {
                if position.isEnd(of: status) { return }
                if !position.isIn(status) { startOver() }
            }
        } catch { throw .system(error) }
        while let chunk = try next(of: file) {
            if chunk.start.offset == 0 { startOver() }
            let events = try Self.events(of: chunk, in: file)
            for (event, place) in events { apply(event, at: place) }
            position = chunk.end
        }
    }

    private func next(of file: LedgerFile) throws(LedgerError) -> LedgerFile.Chunk? {
        do throws(SystemError) {
            return try file.lines(after: position)
        } catch { throw .system(error) }
    }

    /// Those of `moves` that are not known yet, each from the commit that its tag was last seen at.
    func unknown(of moves: [MovedTag]) -> [MovedTag] {
        moves.compactMap { move in
            guard let known = last(like: move) else { return move }
            return known.newCommit == move.newCommit ? nil : move.from(known.newCommit)
        }
    }

    /// Takes for granted what somebody else will write.
    mutating func assume(_ projects: Set<ProjectName>, of source: String) {
        owned.formUnion(projects)
        ownedBy[source, default: []].formUnion(projects)
    }

    /// Takes for granted what somebody else will write.
    mutating func assume(_ moves: [MovedTag]) { moves.forEach { apply(.moved($0), at: nil) } }

    private func last(like move: MovedTag) -> MovedTag? {
        moves[move.project]?.last { $0.source == move.source && $0.tag == move.tag }
    }

    private mutating func startOver() {
        if position == nil { return }
        changed.formUnion(owned)
        changed.formUnion(identities.keys)
        (position, entries, identities, owned, ownedBy) = (nil, [:], [:], [], [:])
        (moves, reproduced, lines, attestations) = ([:], [:], [:], [:])
    }

    /// - Parameter place: where the event stands in the file; `nil` for what is not written yet.
    private mutating func apply(_ event: LedgerEvent, at place: LedgerFile.Place?) {
        switch event {
        case .published(let entry):
            let project = entry.key.project
            changed.insert(project)
            note(project, of: entry.key.source)
            // The first one stays: its bytes may stand in lock files since.
            if entries[entry.identity] != nil { return }
            entries[entry.identity] = entry.withoutOrigin
            lines[entry.identity] = place
            identities[project, default: []].append(entry.identity)
        case .owned(let project, let source, _):
            changed.insert(project)
            note(project, of: source)
        case .disowned(let project, _):
            changed.insert(project)
            owned.remove(project)
            for source in ownedBy.keys { ownedBy[source]?.remove(project) }
        case .moved(let tag):
            // Where it was assumed before, it is now written.
            if last(like: tag)?.newCommit == tag.newCommit { return }
            moves[tag.project, default: []].append(tag)
        case .reproduced(let reproduction):
            // Bytes of another line than the first would prove nothing.
            guard let entry = entries[reproduction.identity], entry.sha256 == reproduction.sha256 else {
                return
            }
            reproduced[entry.identity] = reproduction.compressor ?? entry.compressor
        case .attested(let attested):
            // Of other bytes it says nothing here.
            guard entries[attested.identity]?.sha256 == attested.sha256 else { return }
            attestations[attested.identity] = place
            changed.insert(attested.project)
        case .verdict, .unknown: return
        }
    }

    private mutating func note(_ project: ProjectName, of source: String) {
        owned.insert(project)
        ownedBy[source, default: []].insert(project)
    }

    private static func events(
        of chunk: LedgerFile.Chunk,
        in file: LedgerFile
    ) throws(LedgerError) -> [(LedgerEvent, LedgerFile.Place)] {
        var events: [(LedgerEvent, LedgerFile.Place)] = []
        var offset = chunk.start.offset
        var line = chunk.start.lines
        for bytes in chunk.bytes.dropLast().split(
            separator: LedgerFile.newline,
            omittingEmptySubsequences: false
        ) {
            line += 1
            do {
                events.append((try LedgerEvent(line: bytes), .init(offset: offset, count: bytes.count)))
            } catch {
                throw .unreadable(path: file.path, line: line, message: message(of: error))
            }
            offset += Int64(bytes.count) + 1
        }
        return events
    }

    private static func message(of error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _)?: "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?, .dataCorrupted(let context)?:
            (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
        default: "it is no JSON"
        }
    }
}
