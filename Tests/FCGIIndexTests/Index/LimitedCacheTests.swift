internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Files that had to go")
struct LimitedCacheTests {
    @Test("The page and the metadata stay, a request builds the file again, and nothing does ahead of one")
    func gone() throws {
        let fixture = try IndexFixture(prebuild: .all, cacheLimit: 1)
        try fixture.tag("1.0")
        let path = try fixture.link("1.0.tar")
        let key = try fixture.build(path).key
        let page = try fixture.response("/simple/acme-core/").body
        #expect(try fixture.response(path).status == 200)
        unlink(
            fixture.workshop.store.path(
                of: .source(key.filename),
                project: key.project,
                identity: key.identity
            )
        )
        #expect(try fixture.response("/simple/acme-core/").body == page)
        #expect(try fixture.response(path + ".metadata").status == 200)
        #expect(fixture.index.buildAhead(of: key.project, everything: true, excluding: []) == nil)
        guard case .wait(let wait) = fixture.get(path) else {
            Issue.record("it does not wait for a build")
            return
        }
        #expect(wait.key == key)
    }

    @Test("A file that is being removed is not handed out")
    func going() throws {
        let fixture = try IndexFixture(cacheLimit: 1)
        try fixture.tag("1.0")
        let path = try fixture.link("1.0.tar")
        let key = try fixture.build(path).key
        let place = fixture.workshop.store.path(
            of: .source(key.filename),
            project: key.project,
            identity: key.identity
        )
        let old = timespec(tv_sec: time(nil) - 3600, tv_nsec: 0)
        #expect(utimensat(AT_FDCWD, place, [old, timespec(tv_sec: 1_700_000_000, tv_nsec: 0)], 0) == 0)
        let remover = try Descriptor(opening: place, O_RDONLY)
        #expect(flock(remover.number, LOCK_EX) == 0)
        guard case .wait = fixture.get(path) else {
            Issue.record("it is handed out")
            return
        }
        #expect(flock(remover.number, LOCK_UN) == 0)
        #expect(try fixture.response(path).status == 200)
        #expect(flock(remover.number, LOCK_EX) == 0)
        #expect(try fixture.response(path).status == 200, "it was used just now, so nobody removes it")
    }
}
