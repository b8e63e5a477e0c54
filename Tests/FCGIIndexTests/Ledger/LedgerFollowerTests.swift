internal import Glibc
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Followers of a ledger")
struct LedgerFollowerTests {
    @Test("Each hears of every project with new lines, once, whoever took them in")
    func each() throws {
        let folder = try LedgerFolder()
        let (writer, ledger) = (try Ledger(directory: folder.path), try Ledger(directory: folder.path))
        let followers = [LedgerFollower(ledger), LedgerFollower(ledger)]
        let entry = try LedgerFolder.entry()
        try writer.append(entry)
        #expect(followers.allSatisfy { $0.hasNews(at: InotifyGlance()) })
        #expect(try ledger.refresh() == [entry.key.project])
        for follower in followers {
            #expect(follower.hasNews(at: InotifyGlance()))
            #expect(try follower.changes() == [entry.key.project])
            #expect(!follower.hasNews(at: InotifyGlance()))
            #expect(try follower.changes().isEmpty)
        }
        #expect(
            !LedgerFollower(ledger).hasNews(at: InotifyGlance()),
            "what is known when it comes is no news"
        )
    }

    @Test("What cannot be read now is heard of later")
    func unreadable() throws {
        let folder = try LedgerFolder()
        let ledger = try Ledger(directory: folder.path)
        let follower = LedgerFollower(ledger)
        let entry = try LedgerFolder.entry()
        try ledger.append(entry)
        _ = try ledger.refresh()
        try folder.write("no json\n")
        #expect(throws: LedgerError.self) { try follower.changes() }
        #expect(truncate(folder.file, off_t(try folder.lines[0].utf8.count + 1)) == 0)
        #expect(try follower.changes() == [entry.key.project])
    }
}
