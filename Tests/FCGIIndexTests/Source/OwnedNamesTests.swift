internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Names that a source was seen to have")
final class OwnedNamesTests {
    private let directory = "\(Workshop.base)/pyindex-owned-\(Temporary.suffix())"
    private let acme = ProjectName("acme-core")!
    private let other = ProjectName("acme-other")!

    init() throws { try Directory.create(directory) }

    deinit { try? Directory.remove(directory) }

    @Test("What could not be written is written with what comes next, or when it is asked for again")
    func retry() throws {
        let ledger = try Ledger(directory: directory)
        let names = OwnedNames(of: "wheels", in: ledger)
        // A directory where the lock file should be: nothing can be added.
        try Directory.create("\(directory)/ledger.lock")
        #expect(names.record([acme]) != nil)
        #expect(names.isPending)
        #expect(names.record([other]) != nil)
        #expect(!ledger.owns(acme))
        try Directory.remove("\(directory)/ledger.lock")
        #expect(names.record([]) == nil)
        #expect(!names.isPending)
        #expect(ledger.owns(acme) && ledger.owns(other))
        #expect(try Ledger(directory: directory).owned == [acme, other])
    }

    @Test(
        "Another process that is adding is not waited for, and what it kept from being written is written after it"
    )
    func busy() throws {
        let ledger = try Ledger(directory: directory)
        let names = OwnedNames(of: "wheels", in: ledger)
        let lock = try Descriptor(opening: "\(directory)/ledger.lock", O_RDWR | O_CREAT, mode: 0o600)
        #expect(flock(lock.number, LOCK_EX) == 0)
        let late = try Thread(named: "unlock") { [number = lock.number] in
            sleep(3)
            flock(number, LOCK_UN)
        }
        let begin = ContinuousClock.now
        #expect(names.record([acme]) == nil)
        #expect(ContinuousClock.now - begin < .seconds(2))
        #expect(names.isPending && !ledger.owns(acme))
        late.join()
        #expect(names.record([]) == nil)
        #expect(!names.isPending && ledger.owns(acme))
    }
}
