internal import Digest
internal import Fetch
internal import POSIX
internal import PythonPackaging

extension RemotePage {
    /// Reads a page in JSON (PEP 691, PEP 700, PEP 714, PEP 740, PEP 792).
    ///
    /// - Parameters:
    ///   - name: the project that was asked for.
    ///   - url: where the page came from, after all redirects.
    init(json bytes: UnsafeRawBufferPointer, of name: ProjectName, at url: WebURL) throws(RemotePageFault) {
        var scanner = JSONScanner(bytes)
        var draft = RemotePageDraft(name: name, base: url)
        var head = Head()
        do throws(JSONScanner.Fault) {
            let isObject = try scanner.members { key, value throws(JSONScanner.Fault) in
                switch key {
                case "files": head.hasFiles = try Self.files(&value, &draft)
                default: try head.read(key, &value)
                }
            }
            try scanner.end()
            if !isObject { throw JSONScanner.Fault(place: 0) }
        } catch { throw RemotePageFault("It is no JSON from byte \(error.place) on.") }
        try head.check(for: name)
        draft.status = head.status
        try self.init(draft)
    }

    /// Files that one thread reads while another reads the next ones.
    private static let filesOfPart = 1000

    /// Whether there is a list of files.
    private static func files(
        _ value: inout JSONScanner,
        _ draft: inout RemotePageDraft
    ) throws(JSONScanner.Fault) -> Bool {
        guard let parts = try value.parts(of: filesOfPart) else { return false }
        // Before they are read: the parts know nothing of each other.
        guard draft.expect(parts.reduce(0) { $0 + $1.count }) else { return true }
        let empty = RemotePageDraft(name: draft.name, base: draft.base)
        let drafts = [Result<RemotePageDraft, JSONScanner.Fault>](concurrently: parts.count) { number in
            Result { () throws(JSONScanner.Fault) in
                var draft = empty
                _ = draft.expect(parts[number].count)
                try parts[number].elements { value throws(JSONScanner.Fault) in draft.add(try entry(&value)) }
                return draft
            }
        }
        for part in drafts { draft.append(try part.get()) }
        return true
    }

    /// What stands beside the files.
    private struct Head {
        var hasFiles = false
        var name: String?
        var apiVersion: String?
        var status = ProjectStatus.active

        mutating func read(_ key: String, _ value: inout JSONScanner) throws(JSONScanner.Fault) {
            switch key {
            case "name": name = try value.string()
            case "meta":
                var version: String?
                var misplaced: ProjectStatus?
                try value.members { key, value throws(JSONScanner.Fault) in
                    switch key {
                    case "api-version": version = try value.string()
                    // Where an example of the specification has it.
                    case "project-status": misplaced = try Self.status(&value)
                    default: try value.skip()
                    }
                }
                apiVersion = version
                if let misplaced, status == .active { status = misplaced }
            case "project-status": if let read = try Self.status(&value) { status = read }
            default: try value.skip()
            }
        }

        func check(for name: ProjectName) throws(RemotePageFault) {
            try RemotePageDraft.check(apiVersion: apiVersion)
            guard hasFiles else { throw RemotePageFault("It is JSON, and no project's page.") }
            if let own = self.name, ProjectName(own) != name {
                throw RemotePageFault("It is the page of another project.")
            }
        }

        /// A status by itself, or with its reason.
        private static func status(_ value: inout JSONScanner) throws(JSONScanner.Fault) -> ProjectStatus? {
            if try value.next() == UInt8(ascii: "\"") {
                return try value.string().flatMap { ProjectStatus.Marker(rawValue: $0) }.map {
                    ProjectStatus($0)
                }
            }
            var marker: ProjectStatus.Marker?
            var reason: String?
            try value.members { key, value throws(JSONScanner.Fault) in
                switch key {
                case "status": marker = try value.string().flatMap { ProjectStatus.Marker(rawValue: $0) }
                case "reason": reason = try value.string()
                default: try value.skip()
                }
            }
            return marker.map { ProjectStatus($0, reason: reason) }
        }
    }

    private static func entry(_ value: inout JSONScanner) throws(JSONScanner.Fault) -> RemotePageDraft.Entry {
        var entry = RemotePageDraft.Entry()
        var legacy: IndexFile.MetadataFile?
        try value.members { key, value throws(JSONScanner.Fault) in
            switch key {
            case "filename": entry.filename = try value.string()
            case "url": entry.url = try value.string() ?? ""
            case "hashes": entry.digests = try digests(&value)
            case "size": entry.size = try value.integer()
            case "requires-python": entry.requiresPython = try value.string()
            case "upload-time": entry.uploadTime = try value.string()
            case "core-metadata": entry.metadata = try metadata(&value)
            case "dist-info-metadata", "data-dist-info-metadata": legacy = try metadata(&value)
            case "provenance": entry.provenance = try value.string()
            case "gpg-sig": entry.isSigned = try value.boolean() ?? false
            case "yanked": entry.yank = try yank(&value)
            default: try value.skip()
            }
        }
        entry.metadata = entry.metadata ?? legacy
        return entry
    }

    private static func digests(
        _ value: inout JSONScanner
    ) throws(JSONScanner.Fault) -> [(algorithm: String, hex: String)] {
        var digests: [(String, String)] = []
        try value.members { key, value throws(JSONScanner.Fault) in
            if let hex = try value.string() { digests.append((key, hex)) }
        }
        return digests
    }

    /// True, or digests.
    private static func metadata(
        _ value: inout JSONScanner
    ) throws(JSONScanner.Fault) -> IndexFile.MetadataFile? {
        if try value.next() != UInt8(ascii: "{") { return try value.boolean() == true ? .undigested : nil }
        var digest: SHA256Digest?
        try value.members { key, value throws(JSONScanner.Fault) in
            guard key == "sha256" else { return try value.skip() }
            digest = try value.string().flatMap { SHA256Digest(hex: $0) }
        }
        return digest.map { .sha256($0) } ?? .undigested
    }

    /// True, or why; an empty reason is none.
    private static func yank(_ value: inout JSONScanner) throws(JSONScanner.Fault) -> Yank? {
        if try value.next() == UInt8(ascii: "\"") { return Yank(reason: try value.string()) }
        return try value.boolean() == true ? Yank(reason: nil) : nil
    }
}
