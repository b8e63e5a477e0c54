import Glibc
import POSIX
import Testing

@testable import Git

@Suite("Walk by stat")
struct StatWalkTests {
    private let fixture: GitFixture
    private let directory: String

    init() throws {
        fixture = try GitFixture()
        try fixture.makeRepository()
        directory = fixture.path("work/.git")
    }

    @Test("A tag younger than the tick of file times counts as changed, until it has been seen older")
    func young() throws {
        usleep(30_000)
        let walk = try StatWalk(directory)
        #expect(try walk.changes() == .none)
        try fixture.git("tag", "v1")
        utimes(directory + "/refs/tags/v1", nil)
        #expect(try walk.changes() == .names(["v1"]))
        usleep(30_000)
        #expect(try walk.changes() == .names(["v1"]), "seen young, so it may have changed right after")
        #expect(try walk.changes() == .none)
    }

    @Test("Locks are no tags, and other references are of no concern")
    func others() throws {
        usleep(30_000)
        let walk = try StatWalk(directory)
        try File.replace(directory + "/refs/tags/v1.lock", with: [])
        try fixture.git("branch", "other")
        #expect(try walk.changes() == .none)
    }

    @Test("Packed tags stand for all of them, and also when they go")
    func packed() throws {
        try fixture.git("tag", "v1")
        usleep(30_000)
        let walk = try StatWalk(directory)
        try fixture.git("pack-refs", "--all")
        #expect(try walk.changes() == .everything(["v1"]))
        usleep(30_000)
        _ = try walk.changes()
        #expect(try walk.changes() == .none)
        unlink(directory + "/packed-refs")
        #expect(try walk.changes() == .everything([]))
    }
}
