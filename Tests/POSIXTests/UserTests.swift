import Glibc
import POSIX
import Testing

@Suite("Users")
struct UserTests {
    @Test("A process's user and groups are those it has now")
    func ofProcess() throws {
        let user = try #require(User(ofProcess: getpid()))
        #expect(user.id == geteuid())
        #expect(user.groups.first == getegid())
        #expect(user.name == User(id: geteuid()).name)
        #expect(User(ofProcess: -1) == nil)
    }

    @Test("A number without an entry is a user of its own")
    func number() {
        let user = User(id: 4_000_000)
        #expect(user.name == "4000000" && user.groups == [4_000_000])
    }
}
