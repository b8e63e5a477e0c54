internal import Glibc
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("What users may do, as doctor finds it")
struct DoctorPermissionTests {
    private let directory = "/tmp/pyindex-doctor-\(Temporary.suffix())"
    private let owner = User(name: "owner", id: getuid() == 0 ? 0 : getuid(), groups: [getgid()])
    private let member = User(name: "member", id: 4_000_000, groups: [4_000_001, getgid()])
    private let stranger = User(name: "stranger", id: 4_000_002, groups: [4_000_003])

    private func withCache(_ body: (String) throws -> Void) throws {
        try Directory.create(directory + "/files/acme", mode: 0o750)
        chmod(directory + "/files", 0o750)
        defer { try? Directory.remove(directory) }
        try File.replace(directory + "/files/acme/open", with: [1], mode: 0o640)
        try File.replace(directory + "/files/acme/closed", with: [1], mode: 0o600)
        try body(directory)
    }

    private func paths(_ entries: [CacheSample.Entry], _ cache: String) -> [String] {
        entries.map { String($0.path.dropFirst(cache.count)) }
    }

    @Test("The group reads by the group's bits, and a stranger by none of them")
    func reading() throws {
        try withCache { cache in
            let entries = CacheSample(cache: cache, trees: ["files", "pages"]).entries
            #expect(entries.count == 4)
            let ofMember = CacheReadingCheck.hidden(entries, from: member)
            #expect(paths(ofMember, cache) == ["/files/acme/closed"])
            #expect(CacheReadingCheck.hidden(entries, from: owner).isEmpty)
            #expect(CacheReadingCheck.hidden(entries, from: stranger).count == 4)
            // The class that fits first decides: no bit of the others helps the group.
            chmod(cache + "/files/acme/open", 0o604)
            let changed = CacheSample(cache: cache, trees: ["files"]).entries
            #expect(CacheReadingCheck.hidden(changed, from: member).count == 2)
            #expect(CacheReadingCheck.hidden(changed, from: stranger).count == 3)
        }
    }

    @Test("Who publishes writes directories and the ledger")
    func writing() throws {
        try withCache { cache in
            let entries = CacheSample(cache: cache, trees: ["files"]).entries
            #expect(OwnershipCheck.closed(entries, to: owner).isEmpty)
            #expect(OwnershipCheck.closed(entries, to: member).count == 4)
        }
    }

    @Test("Permissions are shown with their names")
    func shown() throws {
        try withCache { cache in
            let text = Permissions(try FileStatus(path: cache + "/files/acme/open")).description
            #expect(text == "0640 of \(User(id: getuid()).name):\(Group.name(of: getgid()))")
        }
    }

    @Test("A token counts where it lies in the state directory, and no other")
    func permit() throws {
        try withCache { state in
            let permit = EchoPermit(stateDirectory: state)
            let token = try permit.grant()
            #expect(permit.holds(token))
            #expect(try FileStatus(path: state + "/echo").mode & 0o777 == 0o640)
            #expect(!permit.holds(EchoToken()))
            permit.revoke()
            #expect(!permit.holds(token))
            // A link leads nowhere, wherever it leads.
            try File.replace(state + "/other", with: Array(token.description.utf8))
            symlink(state + "/other", state + "/echo")
            #expect(!permit.holds(token))
        }
        #expect(EchoToken("0123456789abcdef0123456789abcdef") != nil)
        for text in ["", "0123", "0123456789ABCDEF0123456789abcdef", "../../../../etc/passwd0123456789"] {
            #expect(EchoToken(text) == nil)
        }
    }
}
