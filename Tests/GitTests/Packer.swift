import Glibc
import POSIX
import Synchronization

/// Makes tags and packs them, over and over, in git's order of steps but faster: `packed-refs` first, then away
/// with the loose files.
final class Packer: Sendable {
    private static let rounds = 60
    private static let tagsPerRound = 100

    /// The tags there are at the end.
    static let total = rounds * tagsPerRound

    private let directory: String
    private let commit: String
    private let complete = Atomic(0)
    private let ended = Atomic(false)

    /// `directory` is the repository's `.git`.
    init(_ directory: String, commit: String) {
        self.directory = directory
        self.commit = commit
    }

    /// The tags that were made, and so must be seen by whoever asks now.
    var made: Int { complete.load(ordering: .acquiring) }

    /// Whether no more will come.
    var isDone: Bool { ended.load(ordering: .acquiring) }

    func run() {
        defer { ended.store(true, ordering: .releasing) }
        var all: [String] = []
        for round in 0..<Self.rounds {
            let names = (0..<Self.tagsPerRound).map { "\(round)-\($0)" }
            guard names.allSatisfy({ replace("refs/tags/\($0)", with: commit + "\n") }) else { return }
            complete.add(names.count, ordering: .releasing)
            all = (all + names).sorted()
            let lines = all.map { "\(commit) refs/tags/\($0)\n" }.joined()
            let header = "# pack-refs with: peeled fully-peeled sorted \n"
            guard replace("packed-refs", with: header + lines) else { return }
            for name in names.reversed() { unlink("\(directory)/refs/tags/\(name)") }
        }
    }

    private func replace(_ name: String, with text: String) -> Bool {
        let path = "\(directory)/\(name)"
        let flags = O_WRONLY | O_CREAT | O_EXCL
        guard let file = try? Descriptor(opening: path + ".lock", flags, mode: 0o644) else { return false }
        do {
            try file.write(Array(text.utf8))
        } catch { return false }
        return rename(path + ".lock", path) == 0
    }
}
