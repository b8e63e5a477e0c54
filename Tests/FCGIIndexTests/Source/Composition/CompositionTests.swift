internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Sources that compose")
final class CompositionTests {
    private let directory = "\(Workshop.base)/pyindex-composition-\(Temporary.suffix())"
    private let ledger: Ledger

    init() throws {
        try Directory.create(directory)
        ledger = try Ledger(directory: directory)
    }

    deinit { try? Directory.remove(directory) }

    private func own(_ names: String..., by source: String) throws {
        try ledger.recordOwnership(of: Set(names.compactMap { ProjectName($0) }), by: source)
    }

    @Test("Merged sources list the union, the first file of a name wins, and versions stay in order")
    func union() throws {
        let first = try FixtureSource("first", "acme-1.0.tar.gz", "acme-2.0.tar.gz")
        let second = try FixtureSource("second", "acme-1.5.tar.gz", "acme-2.0.tar.gz", "other-1.0.tar.gz")
        let merged = Merged([first, second])
        #expect(try merged.files(of: "acme") == ["acme-1.0.tar.gz", "acme-1.5.tar.gz", "acme-2.0.tar.gz"])
        #expect(try merged.files(of: "other") == ["other-1.0.tar.gz"])
        #expect(try merged.files(of: "none") == nil)
        guard case .page(let page) = try merged.project(#require(ProjectName("acme"))) else { return }
        #expect(page.files.last?.identity == Identity(hashing: ["first", "acme-2.0.tar.gz"]))
        let explanation = merged.explanation(of: page.name)
        #expect(explanation.origins["acme-2.0.tar.gz"] == "first")
        #expect(explanation.withheld.map(\.source) == ["second"])
        #expect(explanation.withheld.first?.reason.contains("\"first\"") == true)
    }

    @Test("A merged page is unavailable while any of its sources is, and never a shorter one")
    func unavailable() throws {
        let first = try FixtureSource("first", "acme-1.0.tar.gz")
        let second = try FixtureSource("second", "acme-1.5.tar.gz")
        let merged = Merged([first, second])
        for source in [first, second] {
            source.isFailing = true
            #expect(throws: SourceError.self) { try merged.files(of: "acme") }
            #expect(throws: SourceError.self) { try merged.explainedFiles(of: "acme") }
            source.isFailing = false
        }
        #expect(try merged.files(of: "acme")?.count == 2)
    }

    @Test("What one source quarantined, no other one of a merged group offers")
    func quarantine() throws {
        let first = try FixtureSource("first", "acme-1.0.tar.gz")
        let second = try FixtureSource("second", "acme-1.5.tar.gz")
        let name = try #require(ProjectName("acme"))
        second.mark(name, ProjectStatus(.quarantined, reason: "Stolen."))
        for merged in [Merged([first, second]), Merged([second, first])] {
            guard case .page(let page) = try merged.project(name) else { return }
            #expect(page.files.isEmpty && page.status.marker == .quarantined)
            #expect(try merged.explainedFiles(of: "acme") == [])
            #expect(merged.quarantine(of: name)?.reason == "Stolen.")
            #expect(Prioritized([merged]).quarantine(of: name)?.reason == "Stolen.")
        }
        second.mark(name, ProjectStatus(.deprecated))
        guard case .page(let page) = try Merged([first, second]).project(name) else { return }
        #expect(page.files.count == 2 && page.status == .active, "the first one's status counts")
    }

    @Test(
        "A quarantine is for who answers to say: not for a source below, nor for another index of a name that is ours"
    )
    func quarantineBelow() throws {
        let own = try FixtureSource("own", "acme-1.0.tar.gz")
        let other = try FixtureSource("other", "acme-2.0.tar.gz", "free-1.0.tar.gz")
        let (acme, free) = (try #require(ProjectName("acme")), try #require(ProjectName("free")))
        for name in [acme, free] { other.mark(name, ProjectStatus(.quarantined)) }
        #expect(Prioritized([own, other]).quarantine(of: acme) == nil)
        #expect(Prioritized([own, other]).quarantine(of: free) != nil)
        try self.own("acme", by: "own")
        let merged = Merged([own, other.unlessOwned(in: ledger)])
        #expect(merged.quarantine(of: acme) == nil && merged.quarantine(of: free) != nil)
        own.isFailing = true
        #expect(Prioritized([own, other]).quarantine(of: free) == nil)
    }

    @Test("A project that a filter refuses is absent from another index, and is not asked for there")
    func refusedUpstream() throws {
        let first = try FixtureSource("first", "torch-1.0.tar.gz", "acme-1.0.tar.gz")
        let second = try FixtureSource("second", "torch-2.0.tar.gz", "acme-2.0.tar.gz")
        var filter = FileFilter()
        var rule = FileRule()
        rule.projects = [try #require(NamePattern("torch*"))]
        filter.deny = [rule]
        let chain = Prioritized([first.filtered(by: filter, keepsNames: false), second])
        #expect(try chain.files(of: "torch") == ["torch-2.0.tar.gz"])
        #expect(try chain.explainedFiles(of: "torch") == ["torch-2.0.tar.gz"])
        #expect(!first.asked.contains { $0.normalized == "torch" })
        #expect(try chain.files(of: "acme") == ["acme-1.0.tar.gz"])
    }

    @Test("A filter on a source of our own hides files, and opens the name to nobody")
    func refusedOwn() throws {
        let own = try FixtureSource("own", "acme-1.0.tar.gz", "acme-2.0.tar.gz", "secret-1.0.tar.gz")
        let other = try FixtureSource("other", "acme-99.tar.gz", "secret-99.tar.gz")
        var filter = FileFilter()
        var (old, secret) = (FileRule(), FileRule())
        old.versions = VersionPattern("<2")
        secret.projects = [try #require(NamePattern("secret"))]
        filter.deny = [old, secret]
        let chain = Prioritized([own.filtered(by: filter, keepsNames: true), other])
        #expect(try chain.files(of: "acme") == ["acme-2.0.tar.gz"])
        #expect(try chain.files(of: "secret") == [])
        #expect(try chain.explainedFiles(of: "secret") == [])
        #expect(
            try !own.filtered(by: filter, keepsNames: true).projects().contains { $0.normalized == "secret" }
        )
        #expect(other.asked.isEmpty)
        own.isFailing = true
        #expect(throws: SourceError.self) { try chain.files(of: "secret") }
        #expect(other.asked.isEmpty)
    }

    @Test("Rules judge by project, version, type and file name, and a file must meet all of a rule")
    func rules() throws {
        let acme = try #require(ProjectName("acme"))
        let wheel = try #require(DistributionFilename("acme-1.0-py3-none-any.whl"))
        let sdist = try #require(DistributionFilename("acme-1.0.tar.gz"))
        func offers(_ text: String, _ file: DistributionFilename) throws -> Bool {
            let source = "[[source]]\nname = \"x\"\ntype = \"directory\"\npath = \"/x\"\n"
            let filter = try #require(try configuration(source + text).policies["x"]).filter
            return filter.refusal(of: file, of: acme) == nil
        }
        let wheels = "[[source.allow]]\ntypes = [\"wheel\"]\n"
        #expect(try offers(wheels, wheel) && !offers(wheels, sdist))
        let both = "[[source.allow]]\nprojects = [\"acme\"]\nversions = \">=2\"\n"
        #expect(try !offers(both, wheel))
        #expect(try offers(both + "[[source.allow]]\nfiles = [\"*-any.whl\"]\n", wheel))
        let denied =
            "[[source.allow]]\nprojects = [\"a*\"]\n[[source.deny]]\nfiles = [\"*.tar.?z\"]\nversions = \"1.*\"\n"
        #expect(try offers(denied, wheel) && !offers(denied, sdist), "deny beats allow")
    }

    @Test(
        "In whatever way sources fail, an owned name reaches no other index, and no page has a stranger's file"
    )
    func tripwire() throws {
        try own("acme", "gone", by: "git")
        try own("beta", "shared", by: "folder")
        let claims = [try #require(NamePattern("claimed-*"))]
        let shared = [try #require(NamePattern("shared")), try #require(NamePattern("claimed-*"))]
        for failing in 0..<32 {
            let git = try FixtureSource("git", "acme-1.0.tar.gz", "other-1.0.tar.gz")
            let folder = try FixtureSource("folder", "beta-1.0.tar.gz", "shared-1.0.tar.gz")
            let inside = try FixtureSource(
                "inside",
                "acme-99.tar.gz",
                "beta-99.tar.gz",
                "shared-2.0.tar.gz",
                "free-1.0.tar.gz"
            )
            let above = try FixtureSource("above", "acme-97.tar.gz", "gone-97.tar.gz", "claimed-x-97.tar.gz")
            let below = try FixtureSource(
                "below",
                "acme-98.tar.gz",
                "gone-98.tar.gz",
                "claimed-x-98.tar.gz",
                "free-2.0.tar.gz"
            )
            let all = [git, folder, inside, above, below]
            for (place, source) in all.enumerated() { source.isFailing = failing & (1 << place) != 0 }
            let chain = Prioritized([
                above.unlessOwned(in: ledger, claims: claims), git,
                Merged([folder, inside.unlessOwned(in: ledger, claims: claims, shared: shared)]),
                below.unlessOwned(in: ledger, claims: claims),
            ])
            .reserving(namesIn: ledger)
            for name in ["acme", "beta", "gone", "claimed-x", "shared", "free"] {
                let page = try? chain.files(of: name)
                #expect((try? chain.explainedFiles(of: name)) == page, "\(name), \(failing)")
                #expect(
                    page?.contains { $0.contains("-9") } != true,
                    "\(name), \(failing): \(String(describing: page))"
                )
                if name == "acme" && git.isFailing { #expect(page == nil) }
                if name == "beta" && !git.isFailing && !folder.isFailing {
                    #expect(page == ["beta-1.0.tar.gz"])
                }
            }
            for index in [above, inside, below] {
                let asked = Set(index.asked.map(\.normalized))
                let reachable: Set = index === inside ? ["free", "shared"] : ["free"]
                #expect(
                    asked.isSubset(of: reachable.union(index === below ? ["free"] : [])),
                    "\(failing): \(asked)"
                )
            }
        }
    }

    @Test(
        "A file is asked of another index only for a name that no source above owns, whatever stands around it"
    )
    func files() throws {
        let name = try #require(ProjectName("acme"))
        let file = try #require(DistributionFilename("acme-9.tar.gz"))
        let identity = Identity(hashing: ["other", "acme-9.tar.gz"])
        let age = MinimumAge(days: 1)
        let sightings = Sightings { () throws(CatalogError) in throw .corrupt(path: "", message: "") }
        let ledger = ledger
        let ways: [(FixtureSource) -> any PackageSource] = [
            { $0 }, { Merged([$0]) }, { Prioritized([$0]) },
            { $0.unlessOwned(in: ledger) }, { $0.reserving(namesIn: ledger) },
            { $0.filtered(by: FileFilter(), keepsNames: false) }, { $0.aged(age, sightings: sightings) },
        ]
        for wrap in ways {
            let own = try FixtureSource("own", "acme-1.0.tar.gz")
            let other = try FixtureSource("other")
            try other.put("acme-9.tar.gz", uploaded: 0)
            other.asksOthers = true
            let chain = Prioritized([own, wrap(other)])
            #expect(try chain.artifact(file, of: name, identity: identity) == nil)
            own.isFailing = true
            #expect(throws: SourceError.self) { try chain.artifact(file, of: name, identity: identity) }
            #expect(other.asked.isEmpty)
            own.isFailing = false
            own.remove(name)
            #expect(try chain.artifact(file, of: name, identity: identity) != nil)
        }
    }

    @Test("A merged source has the files of all, also of a project that the first has too")
    func mergedFiles() throws {
        let own = try FixtureSource("own", "acme-1.0.tar.gz")
        let other = try FixtureSource("other", "acme-9.tar.gz")
        other.asksOthers = true
        let artifact = try Merged([own, other]).artifact(
            try #require(DistributionFilename("acme-9.tar.gz")),
            of: try #require(ProjectName("acme")),
            identity: Identity(hashing: ["other", "acme-9.tar.gz"])
        )
        #expect(artifact != nil)
    }

    @Test("A name that nobody has any more is an empty page if it was ours, and unknown if it was not")
    func reserved() throws {
        try own("gone", by: "git")
        let chain = Prioritized([try FixtureSource("git")]).reserving(namesIn: ledger)
        #expect(try chain.files(of: "gone") == [])
        #expect(try chain.explainedFiles(of: "gone") == [])
        #expect(try chain.files(of: "never") == nil)
        #expect(chain.explanation(of: try #require(ProjectName("gone"))).statements.last?.speaker == "ledger")
    }
}
