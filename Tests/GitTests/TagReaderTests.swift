import Git
import Glibc
import POSIX
import Testing

@Suite("Tag reader")
struct TagReaderTests {
    private static let ways: [TagReader.Watching] = [.automatic, .statWalk]

    private let fixture: GitFixture

    init() throws {
        fixture = try GitFixture()
        try fixture.makeRepository()
        try fixture.git("tag", "v1")
    }

    @Test("The first answer is all tags, and then nothing happens", arguments: ways)
    func first(_ way: TagReader.Watching) throws {
        try settle()
        let reader = TagReader(path: fixture.path("work"), watch: way)
        guard case .all(let tags) = try reader.changes() else {
            Issue.record("not all")
            return
        }
        #expect(tags.map(\.name) == ["v1"])
        for _ in 0..<3 { #expect(try reader.changes() == .none) }
    }

    @Test("There is news from a change on until it is asked for, and always where only asking can tell")
    func news() throws {
        try settle()
        let reader = TagReader(path: fixture.path("work"))
        #expect(reader.hasNews)
        _ = try reader.changes()
        #expect(!reader.hasNews)
        for step in [["tag", "v2"], ["pack-refs", "--all"], ["tag", "-d", "v2"]] {
            _ = try fixture.attempt(step, in: "work")
            #expect(reader.hasNews, "after git \(step.joined(separator: " "))")
            _ = try reader.changes()
            #expect(!reader.hasNews)
        }
        rename(fixture.path("work"), fixture.path("away"))
        for _ in 0..<2 {
            #expect(reader.hasNews)
            #expect(throws: GitError.self) { try reader.changes() }
        }
        let walker = TagReader(path: fixture.path("away"), watch: .statWalk)
        _ = try walker.changes()
        #expect(walker.hasNews)
    }

    @Test("One loose tag made, moved or deleted is told by its name alone", arguments: ways)
    func loose(_ way: TagReader.Watching) throws {
        try settle()
        let reader = TagReader(path: fixture.path("work"), watch: way)
        _ = try reader.changes()
        let first = try id("HEAD")
        try fixture.git("tag", "acme/v2")
        #expect(try reader.changes() == .some(["acme/v2": Tag(name: "acme/v2", target: first)]))
        try settle()
        let second = try #require(ObjectID(hex: try fixture.commit(["README": "more\n"])))
        _ = try reader.changes()
        try fixture.git("tag", "-f", "acme/v2")
        #expect(try reader.changes() == .some(["acme/v2": Tag(name: "acme/v2", target: second)]))
        try settle()
        _ = try reader.changes()
        // `git tag -d` rewrites packed-refs too, be the tag in it or not.
        try fixture.git("update-ref", "-d", "refs/tags/acme/v2")
        #expect(try reader.changes() == .some(["acme/v2": nil]))
    }

    @Test("The next answer knows of each step that git can take", arguments: ways)
    func steps(_ way: TagReader.Watching) throws {
        let followed = Followed(TagReader(path: fixture.path("work"), watch: way))
        let steps = [
            ["tag", "a"], ["tag", "-a", "-m", "m", "deep/er/b"], ["pack-refs", "--all"],
            ["commit", "-q", "--allow-empty", "-m", "c"], ["tag", "-f", "a"], ["tag", "deep/er/c"],
            ["tag", "-d", "a"], ["tag", "-d", "deep/er/b"], ["tag", "-d", "deep/er/c"], ["tag", "deep/er"],
            ["tag", "-d", "deep/er"], ["tag", "deep/er/d"], ["pack-refs", "--all", "--no-prune"],
            ["gc", "-q"],
            ["tag", "-f", "deep/er/d", "HEAD~1"], ["tag", "-d", "v1"],
            ["symbolic-ref", "refs/tags/s", "refs/tags/deep/er/d"],
            ["update-ref", "-d", "refs/tags/deep/er/d"], ["symbolic-ref", "-d", "refs/tags/s"],
        ]
        for step in steps {
            let answer = try fixture.attempt(step, in: "work")
            #expect(answer.status == .exited(0), "\(step): \(answer.output)")
            #expect(try followed.tags() == (try fixture.tags()), "after git \(step.joined(separator: " "))")
        }
    }

    @Test("After each of 200 random steps the tags are those of git", arguments: ways)
    func random(_ way: TagReader.Watching) throws {
        try fixture.commit(["README": "more\n"])
        let followed = Followed(TagReader(path: fixture.path("work"), watch: way))
        var generator = SeededGenerator(state: 20_260)
        var changes = 0
        for number in 0..<200 {
            let step = Self.step(using: &generator)
            let before = try fixture.tags()
            // Some steps fail, such as `a` beside `a/b`; then nothing may change.
            _ = try fixture.attempt(step, in: "work")
            let after = try fixture.tags()
            if before != after { changes += 1 }
            #expect(try followed.tags() == after, "step \(number): git \(step.joined(separator: " "))")
        }
        #expect(changes > 60)
    }

    @Test("Files put in place without git are seen too", arguments: ways)
    func withoutGit(_ way: TagReader.Watching) throws {
        let followed = Followed(TagReader(path: fixture.path("work"), watch: way))
        #expect(try followed.tags().count == 1)
        let commit = Array(try fixture.git("rev-parse", "HEAD").utf8) + [10]
        let tags = fixture.path("work/.git/refs/tags")
        try Directory.create("\(tags)/x/y")
        try File.replace("\(tags)/x/y/one", with: commit)
        #expect(try followed.tags().keys.sorted() == ["v1", "x/y/one"])
        rename("\(tags)/x", "\(tags)/z")
        #expect(try followed.tags().keys.sorted() == ["v1", "z/y/one"])
        try File.replace("\(tags)/z/y/two.lock", with: commit)
        #expect(try followed.tags().count == 2)
        try Directory.remove(tags)
        #expect(try followed.tags() == [:])
        try Directory.create(tags)
        #expect(try followed.tags() == [:])
        try File.replace("\(tags)/again", with: commit)
        #expect(try followed.tags().keys.sorted() == ["again"])
        try File.replace("\(tags)/again", with: Array("broken".utf8))
        #expect(try followed.tags() == [:])
        let packed = "# pack-refs with: peeled fully-peeled sorted \n"
        let line = "\(String(decoding: commit.dropLast(), as: UTF8.self)) refs/tags/packed\n"
        try write(packed + line, inPlaceOf: fixture.path("work/.git/packed-refs"))
        #expect(try followed.tags().keys.sorted() == ["packed"])
        try write(packed, inPlaceOf: fixture.path("work/.git/packed-refs"))
        #expect(try followed.tags() == [:])
    }

    @Test("Linked working trees share their tags with the main one", arguments: ways)
    func worktrees(_ way: TagReader.Watching) throws {
        try fixture.git("worktree", "add", "-q", "-b", "other", fixture.path("linked"))
        let followed = Followed(TagReader(path: fixture.path("linked"), watch: way))
        #expect(try followed.tags().count == 1)
        try fixture.git("tag", "v2")
        #expect(try followed.tags().count == 2)
        try fixture.git("pack-refs", "--all", in: "linked")
        #expect(try followed.tags() == (try fixture.tags()))
    }

    @Test("A repository that goes fails each time, and one that comes back is read anew", arguments: ways)
    func absence(_ way: TagReader.Watching) throws {
        let path = fixture.path("work")
        let reader = TagReader(path: path, watch: way)
        #expect(throws: Never.self) { try reader.changes() }
        rename(path, fixture.path("away"))
        for _ in 0..<2 { #expect(throws: GitError.absent(path: path)) { try reader.changes() } }
        try Directory.create(path)
        #expect(throws: GitError.notARepository(path: path)) { try reader.changes() }
        try Directory.remove(path)
        try fixture.git("tag", "v2", in: "away")
        rename(fixture.path("away"), path)
        guard case .all(let tags) = try reader.changes() else {
            Issue.record("not all")
            return
        }
        #expect(tags.count == 2)
        let followed = Followed(reader, try fixture.tags())
        try fixture.git("tag", "v3")
        #expect(try followed.tags().count == 3)
    }

    @Test("Another repository in the same place is read anew, behind a link too", arguments: ways)
    func replaced(_ way: TagReader.Watching) throws {
        try fixture.makeRepository("second")
        try fixture.git("tag", "other", in: "second")
        symlink(fixture.path("work"), fixture.path("current"))
        let followed = Followed(TagReader(path: fixture.path("current"), watch: way))
        #expect(try followed.tags().keys.sorted() == ["v1"])
        symlink(fixture.path("second"), fixture.path("next"))
        rename(fixture.path("next"), fixture.path("current"))
        #expect(try followed.tags().keys.sorted() == ["other"])
        try fixture.git("tag", "more", in: "second")
        #expect(try followed.tags().keys.sorted() == ["more", "other"])
        try Directory.remove(fixture.path("second"))
        try fixture.makeRepository("second")
        #expect(try followed.tags() == [:])
    }

    @Test("Another directory above the repository is seen at once, whatever its place leads through")
    func above() throws {
        for directory in ["above", "above/b", "other", "other/b"] {
            try Directory.create(fixture.path(directory))
        }
        for (directory, tag) in [("above/b", "first"), ("other/b", "second")] {
            try fixture.makeRepository("\(directory)/work")
            try fixture.git("tag", tag, in: "\(directory)/work")
        }
        symlink(fixture.path("above"), fixture.path("link"))
        for path in ["above/b/work", "link/b/work"] {
            let reader = TagReader(path: fixture.path(path))
            let followed = Followed(reader)
            // More often than a second ends, after which a look would see it too.
            for round in 0..<4 {
                #expect(try followed.tags().keys.sorted() == [round % 2 == 0 ? "first" : "second"])
                _ = try reader.changes()
                #expect(!reader.hasNews)
                rename(fixture.path("above"), fixture.path("away"))
                rename(fixture.path("other"), fixture.path("above"))
                rename(fixture.path("away"), fixture.path("other"))
                #expect(reader.hasNews, "round \(round)")
            }
        }
    }

    @Test("A repository migrated to a format we do not read is refused at once", arguments: ways)
    func migrated(_ way: TagReader.Watching) throws {
        let reader = TagReader(path: fixture.path("work"), watch: way)
        _ = try reader.changes()
        try fixture.git("config", "core.repositoryFormatVersion", "1")
        try fixture.git("config", "extensions.refStorage", "reftable")
        let error = #expect(throws: GitError.self) { try reader.changes() }
        guard case .unsupported = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("More events than the kernel keeps lose no tag")
    func overflow() throws {
        let followed = Followed(TagReader(path: fixture.path("work")))
        #expect(try followed.tags().count == 1)
        let text = try File.read("/proc/sys/fs/inotify/max_queued_events")
        let limit = Int(String(decoding: text, as: UTF8.self).filter(\.isNumber)) ?? 0
        let tags = fixture.path("work/.git/refs/tags")
        for number in 0...(limit / 2) {
            // Alternating, since the kernel merges an event with an equal one before it.
            close(open("\(tags)/\(number % 2).lock", O_WRONLY | O_CREAT, 0o644))
            unlink("\(tags)/\(number % 2).lock")
        }
        try fixture.git("tag", "last")
        #expect(try followed.tags().keys.sorted() == ["last", "v1"])
        try fixture.git("tag", "after")
        #expect(try followed.tags().count == 3)
    }

    @Test("A tag never vanishes for a reader while tags are packed", arguments: ways)
    func packing(_ way: TagReader.Watching) throws {
        let packer = Packer(fixture.path("work/.git"), commit: try fixture.git("rev-parse", "HEAD"))
        let thread = try Thread(named: "packer") { packer.run() }
        let followed = Followed(TagReader(path: fixture.path("work"), watch: way))
        var missing = 0
        while !packer.isDone {
            let atLeast = packer.made
            missing = max(missing, atLeast - (try followed.tags().count))
            let anew = Followed(TagReader(path: fixture.path("work"), watch: way))
            missing = max(missing, atLeast - (try anew.tags().count))
        }
        thread.join()
        #expect(missing <= 0)
        #expect(packer.made == Packer.total)
        #expect(try followed.tags() == (try fixture.tags()))
    }

    private func id(_ revision: String) throws -> ObjectID {
        try #require(ObjectID(hex: try fixture.git("rev-parse", revision)))
    }

    private func write(_ text: String, inPlaceOf path: String) throws {
        let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        try file.write(Array(text.utf8))
    }

    /// Lets files grow older than what counts as changed.
    private func settle() throws { usleep(30_000) }

    private static func step(using generator: inout SeededGenerator) -> [String] {
        let names = [
            "a", "b", "c", "d/e", "d/f", "d/g/h", "g/h/i", "g", "long-name/v1.0.0", "long-name/v1.0.1",
        ]
        let name = names.randomElement(using: &generator) ?? ""
        let revision = ["HEAD", "HEAD~1"].randomElement(using: &generator) ?? ""
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<6: return ["tag", "-f", name, revision]
        case 6..<9: return ["tag", "-f", "-a", "-m", "m", name, revision]
        case 9..<14: return ["tag", "-d", name]
        case 14..<16: return ["update-ref", "-d", "refs/tags/\(name)"]
        case 16..<18: return ["pack-refs", "--all"]
        case 18: return ["tag", "-d"] + names
        default: return ["pack-refs", "--all", "--no-prune"]
        }
    }
}

extension TagReader {
    /// Whether it has news now.
    fileprivate var hasNews: Bool { hasNews(at: InotifyGlance()) }
}
