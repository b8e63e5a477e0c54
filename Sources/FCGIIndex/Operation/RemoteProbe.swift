internal import Fetch
internal import POSIX
internal import PythonPackaging

/// Asks another index for what serving it needs, by the rules that serving has: its list of projects, a project's page,
/// and the first byte of a file.
struct RemoteProbe {
    let index: SimpleSourceConfiguration
    /// A project that it is known to have; `nil`: the first of its list.
    let known: ProjectName?
    private let fetcher: Fetcher

    /// How long each request may take.
    private static let patience = Duration.seconds(15)
    /// What two clocks may differ by, in seconds.
    private static let tolerance: Int64 = 300

    init(_ index: SimpleSourceConfiguration, known: ProjectName?) {
        (self.index, self.known) = (index, known)
        fetcher = RemoteIndexSource.fetcher(for: index)
    }

    private var subject: String { "Source \"\(index.name)\"" }

    /// Who asks, at the end of a sentence.
    private var asUser: String { index.credentials.map { ", as the user \($0.username)" } ?? "" }

    /// What is found, in the order of asking; nothing more is asked once something is in the way. Blocks.
    func findings() -> [Finding] {
        guard let root = WebURL(index.url) else { return [] }
        var findings: [Finding] = []
        var project = known
        do throws(FetchError) {
            let opening = try open(root, accepting: RemoteIndexSource.accept)
            findings += transport(opening.head, root)
            guard let list = RemoteProjectList(opening) else {
                return findings + [RemoteTrouble(.noPage(opening.head), at: root, of: .index(index)).finding]
            }
            project = project ?? list.first
        } catch {
            // Some have pages, and no list of them.
            guard case .absent = error, known != nil else {
                return findings + [RemoteTrouble(.failed(error), at: root, of: .index(index)).finding]
            }
        }
        guard let project, let url = root.appending(project.normalized + "/") else {
            return findings + [.ok("\(subject): \(root) answers\(asUser), and lists no project.")]
        }
        do throws(FetchError) {
            return findings + (try look(at: project, url))
        } catch { return findings + [RemoteTrouble(.failed(error), at: url, of: .index(index)).finding] }
    }

    private func look(at project: ProjectName, _ url: WebURL) throws(FetchError) -> [Finding] {
        guard case .page(let kept) = try RemoteIndexSource.fetch(url, nil, by: fetcher) else { return [] }
        let page: RemotePage
        do throws(RemotePageFault) {
            page = try kept.read(as: project)
        } catch { throw .bad("Its page of \(project) cannot be used: \(error.description)") }
        var findings = [
            Finding.ok("\(subject): \(url) is a page in \(kept.format == .json ? "JSON" : "HTML")\(asUser).")
        ]
        guard index.mode != .redirect, let file = page.files.last else { return findings }
        do throws(FetchError) {
            try open(file.url, part: .bytes(0...0))
            findings.append(.ok("\(subject): files come from \(file.url.host)."))
        } catch { findings.append(RemoteTrouble(.failed(error), at: file.url, of: .index(index)).finding) }
        if index.mode == .cache, page.files.allSatisfy({ $0.digest == nil }) {
            findings.append(
                .warning(
                    "\(subject): \(url) names no digest of any file, so none is kept.",
                    fix: "have it name SHA-256 digests, or set `mode = \"proxy\"`"
                )
            )
        }
        return findings
    }

    /// What the way to it says: encrypted, by the URL it has itself, and at the same time.
    private func transport(_ head: FetchHead, _ root: WebURL) -> [Finding] {
        var findings: [Finding] = []
        if head.url != root {
            findings.append(
                .warning(
                    "\(subject): \(root) redirects to \(head.url), for every page again.",
                    fix: "`url = \"\(head.url)\"`"
                )
            )
        }
        if !head.url.isSecure, !head.url.host.hasPrefix("127."), head.url.host != "::1",
            head.url.host != "localhost"
        {
            findings.append(
                .warning(
                    "\(subject): \(head.url) is not encrypted: whoever is on the way can change packages.",
                    fix: "take its https URL, with `ca-file` where its certificate is of a CA of your own"
                )
            )
        }
        if let date = head["date"].flatMap({ HTTPDate.seconds($0) }) {
            let difference = abs(date - WallClock.now / 1_000_000_000)
            if difference > Self.tolerance {
                findings.append(
                    .warning(
                        "\(subject): the clock of \(head.url.host) differs from this one by \(difference) s.",
                        fix: "timedatectl set-ntp true, on whichever is wrong"
                    )
                )
            }
        }
        return findings
    }

    // MARK: Asking

    /// An answer's head, and how it begins.
    struct Opening {
        let head: FetchHead
        let bytes: [UInt8]
    }

    /// Asks for no more than the beginning of what is at `url`.
    @discardableResult
    private func open(
        _ url: WebURL,
        accepting accept: String? = nil,
        part: FetchRequest.Range? = nil
    ) throws(FetchError) -> Opening {
        var request = FetchRequest(url, limits: FetchLimits(total: Self.patience, bytes: .max))
        request.fields = accept.map { [("Accept", $0)] } ?? []
        request.range = part
        let sink = BeginningSink()
        do throws(FetchError) {
            let head = try fetcher.fetch(request, into: sink)
            return Opening(head: head, bytes: sink.bytes)
        } catch {
            // What is cut short here has come well.
            guard case .ended = error, let head = sink.head else { throw error }
            return Opening(head: head, bytes: sink.bytes)
        }
    }

    private final class BeginningSink: FetchSink {
        private(set) var head: FetchHead?
        private(set) var bytes: [UInt8] = []
        private static let most = 65_536

        func begin(_ head: FetchHead) -> Bool {
            self.head = head
            return true
        }

        func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
            self.bytes += bytes
            return self.bytes.count < Self.most
        }
    }
}
