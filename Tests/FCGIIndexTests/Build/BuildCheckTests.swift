internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("What a build is refused for")
struct BuildCheckTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let script: String
        let `class`: BuildFailure.Class
        let reason: String
    }

    static let left = "The build must leave one .tar.gz in its artifacts directory, and left"
    static let cases = [
        Case(
            testDescription: "two archives",
            script: Workshop.honest + "cp dist/$top.tar.gz dist/b.tar.gz",
            class: .source,
            reason: "\(left) 2."
        ),
        Case(testDescription: "no archive", script: "mkdir dist", class: .source, reason: "\(left) 0."),
        Case(
            testDescription: "no artifacts directory",
            script: "true",
            class: .source,
            reason: "The build left no artifacts directory where the recipe says."
        ),
        Case(
            testDescription: "another version",
            script: "PDM_BUILD_SCM_VERSION=2.0\n" + Workshop.honest,
            class: .check,
            reason: "The archive's PKG-INFO says version 2.0, the tag says 1.0."
        ),
        Case(
            testDescription: "another name",
            script: Workshop.honest.replacing("Name: acme", with: "Name: Evil"),
            class: .check,
            reason: "The archive's PKG-INFO says evil-core, the tag says acme-core."
        ),
        Case(
            testDescription: "an archive that is none",
            script: "mkdir dist; echo x > dist/x.tar.gz",
            class: .source,
            reason: "The archive is not a whole .tar.gz file."
        ),
        Case(
            testDescription: "an archive without PKG-INFO",
            script: "mkdir dist x; echo x > x/y; tar czf dist/x.tar.gz x",
            class: .source,
            reason: "The archive has no PKG-INFO in its top directory."
        ),
        Case(
            testDescription: "a link to an archive outside",
            script: Workshop.honest + "mv dist/*.gz $HOME/x.tar.gz; ln -s $HOME/x.tar.gz dist/x.tar.gz",
            class: .source,
            reason: "The build's archive lies outside the exported tree."
        ),
        Case(
            testDescription: "an artifacts directory outside",
            script: Workshop.honest + "mv dist $HOME/dist; ln -s $HOME/dist dist",
            class: .source,
            reason: "The build's artifacts directory lies outside the exported tree."
        ),
        Case(
            testDescription: "a FIFO for an archive",
            script: "mkdir dist; mkfifo dist/x.tar.gz",
            class: .source,
            reason: "The build's archive is not a file."
        ),
        Case(
            testDescription: "a crash",
            script: "kill -SEGV $$",
            class: .source,
            reason: "The build command was killed by signal 11."
        ),
    ]

    @Test("The reason says what is wrong", arguments: cases)
    func refusal(of wrong: Case) throws {
        let shop = try Workshop(wrong.script)
        let failure = try #require(shop.build().failure, "\(shop.log())")
        #expect(failure.class == wrong.class)
        #expect(failure.reason == wrong.reason)
        #expect(shop.ledger.owned.isEmpty)
        #expect(try shop.isClean())
    }

    @Test("A link within the export is followed")
    func innerLink() throws {
        let shop = try Workshop(Workshop.honest + "mv dist real; ln -s real dist")
        #expect(try shop.build() == .published)
    }

    @Test("A Git LFS pointer fails the build and is named")
    func largeFile() throws {
        let pointer = """
            version https://git-lfs.github.com/spec/v1
            oid sha256:\(String(repeating: "a", count: 64))
            size 12345

            """
        let shop = try Workshop(files: ["acme-core/model.bin": pointer])
        let failure = try #require(shop.build().failure)
        #expect(failure.class == .source)
        #expect(
            failure.reason
                == "acme-core/model.bin is a Git LFS pointer; its content is not in the repository."
        )
    }

    @Test("A directory that the commit lacks is the tag's fault")
    func noDirectory() throws {
        let shop = try Workshop()
        let failure = try #require(shop.builder().build(try shop.key(directory: "acme-gone")).failure)
        #expect(failure.class == .source)
        #expect(failure.reason == "The tagged tree has no directory acme-gone.")
    }

    @Test("A repository that is gone is this machine's fault, and its path stays in the log")
    func noRepository() throws {
        let shop = try Workshop()
        try Directory.remove(shop.repository)
        let failure = try #require(shop.build().failure)
        #expect(failure.class == .infrastructure)
        #expect(failure.reason == "The repository of the source monorepo cannot be read; the log says why.")
        #expect(shop.log().contains("\(shop.repository) does not exist."))
    }

    @Test("Metadata that may change in a build is not published beside the file")
    func dynamicMetadata() throws {
        let shop = try Workshop(
            Workshop.honest.replacing("Metadata-Version: 2.2", with: "Metadata-Version: 2.1")
        )
        let key = try shop.key()
        #expect(try shop.build() == .published)
        #expect(shop.ledger.entry(for: key.identity)?.metadataSHA256 == nil)
        let path = shop.store.metadataPath(
            of: .source(key.filename),
            project: key.project,
            identity: key.identity
        )
        #expect(!File.exists(path))
    }
}
