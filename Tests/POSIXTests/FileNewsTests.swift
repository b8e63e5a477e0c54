import Foundation
import Synchronization
import Testing

@testable import POSIX

@Suite("News of a file")
final class FileNewsTests {
    private let folder = "/tmp/news-\(Temporary.suffix())"
    private var path: String { folder + "/file" }

    init() throws { try Directory.create(folder) }

    deinit {
        try? Directory.remove(folder)
        try? Directory.remove(folder + ".old")
    }

    /// How many looks are taken when somebody asks, and whether the last one found a change.
    private func looks(_ news: FileNews, finding isChanged: Bool = false, second: Int = 1) -> Int {
        var count = 0
        let answer = news.confirm(at: InotifyGlance(second: second)) {
            count += 1
            return isChanged
        }
        #expect(answer == (count > 0 && isChanged))
        return count
    }

    /// News of a file that was asked for until nothing was left to look at.
    private func quiet() -> FileNews {
        let news = FileNews(of: path)
        for _ in 0..<3 { _ = looks(news) }
        return news
    }

    enum Happening: CaseIterable {
        case written, replaced, made, removed, touched, linked

        func prepare(_ path: String) throws {
            if self == .made { return }
            try Data("one\n".utf8).write(to: URL(fileURLWithPath: path))
            if self == .linked { try FileManager.default.linkItem(atPath: path, toPath: path + ".other") }
        }

        func happen(_ path: String) throws {
            let manager = FileManager.default
            switch self {
            case .written, .made: try append(to: path)
            case .replaced:
                try Data("two\n".utf8).write(to: URL(fileURLWithPath: path + ".new"))
                _ = rename(path + ".new", path)
            case .removed: try manager.removeItem(atPath: path)
            case .touched:
                try manager.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: 9)],
                    ofItemAtPath: path
                )
            case .linked: try append(to: path + ".other")
            }
        }
    }

    @Test("What happens to it is looked at, until a look finds nothing", arguments: Happening.allCases)
    func happens(what: Happening) throws {
        try what.prepare(path)
        let news = quiet()
        #expect(looks(news) == 0)
        try what.happen(path)
        #expect(looks(news, finding: true) == 1)
        #expect(looks(news, finding: true) == 1)
        #expect(looks(news) == 1)
        #expect(looks(news) == 0)
        // What was put there is followed too.
        try append(to: path)
        #expect(looks(news) == 1)
    }

    @Test("A file behind a link is looked at each time, also one that becomes a link")
    func links() throws {
        try append(to: folder + "/target")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "target")
        let linked = quiet()
        #expect(looks(linked) == 1)
        try FileManager.default.removeItem(atPath: path)
        try append(to: path)
        let plain = quiet()
        #expect(looks(plain) == 0)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "target")
        #expect(looks(plain) == 1)
        #expect(looks(plain) == 1)
    }

    @Test("Once a second it is looked at for what nothing tells")
    func seconds() throws {
        try append(to: path)
        let news = quiet()
        #expect(looks(news) == 0)
        #expect(looks(news, finding: true, second: 2) == 1)
        #expect(looks(news, second: 2) == 1)
        #expect(looks(news, second: 2) == 0)
    }

    @Test("A directory that is put in the place of its own is noticed")
    func moved() throws {
        try append(to: path)
        let news = quiet()
        #expect(looks(news) == 0)
        _ = rename(folder, folder + ".old")
        try Directory.create(folder)
        #expect(looks(news) == 1)
        try append(to: path)
        #expect(looks(news, finding: true) == 1)
    }

    @Test("A change that was finished before somebody asks is never missed, whoever takes the events")
    func races() throws {
        try append(to: path)
        let news = quiet()
        let known = Atomic(1)
        let isOver = Atomic(false)
        let path = path
        let askers = try (0..<3).map { _ in
            try Thread(named: "asker") {
                while !isOver.load(ordering: .acquiring) {
                    // Whoever finds that it grew takes it over, as a reader of the file would.
                    _ = news.confirm(at: InotifyGlance()) {
                        guard let size = try? FileStatus(path: path).size else { return true }
                        return Int(size) / 4 != known.load(ordering: .acquiring)
                    }
                }
            }
        }
        var missed = 0
        for count in 2...2000 {
            try append(to: path)
            let isNews = news.confirm(at: InotifyGlance()) {
                Int((try? FileStatus(path: path).size) ?? 0) / 4 != known.load(ordering: .acquiring)
            }
            if !isNews { missed += 1 }
            known.store(count, ordering: .releasing)
        }
        isOver.store(true, ordering: .releasing)
        for asker in askers { asker.join() }
        #expect(missed == 0)
    }
}

private func append(to path: String) throws {
    let file = try Descriptor(opening: path, 0o2101, mode: 0o600)
    try file.write(Array("one\n".utf8))
}
