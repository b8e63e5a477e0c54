internal import Digest
internal import Glibc
internal import POSIX
internal import PythonPackaging

extension Verification {
    /// What the files of an entry are, beside what the ledger says.
    enum State: Hashable {
        /// The file is not there, which is allowed: it is built again.
        case absent
        case right
        case wrong([Finding])
    }

    /// Looks at the entry's file and its metadata, and reads both.
    func state(of entry: LedgerEntry) -> State {
        let file = path(of: entry)
        do throws(SystemError) {
            guard try Self.status(file) != nil else { return .absent }
            var findings = try compare(file, size: entry.size, sha256: entry.sha256)
            if let sha256 = entry.metadataSHA256 {
                let metadata = file + ".metadata"
                if try Self.status(metadata) == nil {
                    findings.append(
                        .error(
                            "\(metadata) is missing, which the ledger names. Remove \(file): both are built again "
                                + "when asked for."
                        )
                    )
                } else {
                    findings += try compare(metadata, size: nil, sha256: sha256)
                }
            }
            return findings.isEmpty ? .right : .wrong(findings)
        } catch { return .wrong([.error("\(error). Verify as the user that serves.")]) }
    }

    /// Where the entry's file lies, if anywhere.
    func path(of entry: LedgerEntry) -> String {
        store.path(of: .source(entry.filename), project: entry.key.project, identity: entry.identity)
    }

    /// The directory of the entry and the one of its project, which the web server must be able to enter.
    static func directories(of entry: LedgerEntry, in store: ArtifactStore) -> [String] {
        let directory = store.directory(entry.key.project, entry.identity)
        return [directory, Directory.parent(of: directory)]
    }

    /// What is wrong with mode and group of `directory`; nothing where it does not exist.
    func permissions(of directory: String) -> [Finding] {
        do throws(SystemError) {
            guard let status = try Self.status(directory) else { return [] }
            return permissions(of: directory, status, ArtifactStore.directoryMode)
        } catch { return [.error("\(error). Verify as the user that serves.")] }
    }

    private func compare(_ path: String, size: Int64?, sha256: String) throws(SystemError) -> [Finding] {
        guard let status = try Self.status(path), status.isRegularFile else {
            return [.error("\(path) is no plain file. Remove it: it is built again when asked for.")]
        }
        let permissions = permissions(of: path, status, ArtifactStore.fileMode)
        if let size, status.size != size {
            return permissions + [
                .error("\(path) has \(status.size) bytes, published were \(size). \(Self.remedy)")
            ]
        }
        let found = try Self.sha256(of: path)
        if found == sha256 { return permissions }
        return permissions + [.error("\(path) has sha256 \(found), published was \(sha256). \(Self.remedy)")]
    }

    private static let remedy =
        "Somebody changed it, or the disk did. Remove it: it is built again when asked for."

    private func permissions(of path: String, _ status: FileStatus, _ mode: mode_t) -> [Finding] {
        var findings: [Finding] = []
        if status.mode & 0o7777 != mode {
            let (found, right) = (Self.octal(status.mode & 0o7777), Self.octal(mode))
            findings.append(.error("\(path) has mode \(found). Set it: chmod \(right) \(path)"))
        }
        if let group = store.group, status.group != group.id {
            findings.append(
                .error("\(path) belongs to group \(status.group). Set it: chgrp \(group.id) \(path)")
            )
        }
        return findings
    }

    private static func octal(_ mode: mode_t) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func status(_ path: String) throws(SystemError) -> FileStatus? {
        do throws(SystemError) {
            return try FileStatus(path: path, followingLinks: false)
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }

    private static func sha256(of path: String) throws(SystemError) -> String {
        do throws(SystemError) {
            let file = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW)
            var digest = SHA256()
            while true {
                let block = try file.read(upTo: 1 << 18)
                if block.isEmpty { return digest.finalize().description }
                block.withUnsafeBytes { digest.update($0) }
            }
        } catch { throw SystemError(error.call, path: path, code: error.code) }
    }
}
