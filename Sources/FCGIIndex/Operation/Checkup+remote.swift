internal import Fetch
internal import Glibc
internal import POSIX
internal import PythonPackaging

/// Other indexes: whether they can be asked, what they answer, and whether that can be kept.
extension Checkup {
    func remote(_ index: SimpleSourceConfiguration) -> [Finding] {
        if index.mode == .fallback { return [.ok("Source \"\(index.name)\" redirects to \(index.url)")] }
        let directory = configuration.remoteDirectory(of: index.name)
        let kept = (try? Directory.entries(directory + "/pages")) ?? []
        let known = kept.sorted().lazy.compactMap { ProjectName($0) }.first
        return [writable(directory, "cache")] + secrets(of: index)
            + RemoteProbe(index, known: known).findings()
    }

    /// Files with passwords and certificates.
    private func secrets(of index: SimpleSourceConfiguration) -> [Finding] {
        let subject = "Source \"\(index.name)\""
        var findings: [Finding] = []
        if let path = index.caFile, !File.isReadable(path) {
            findings.append(
                .error(
                    "\(subject): ca-file = \"\(path)\" cannot be read by this user.",
                    fix: "make it, with mode 0644"
                )
            )
        }
        if let path = index.netrc { findings += secretFile(path, subject, ConfigurationKey.netrc.name) }
        switch index.credentials?.password {
        case .file(let path)?:
            let problems = secretFile(path, subject, ConfigurationKey.passwordFile.name)
            findings += problems.isEmpty ? empty(path, subject) : problems
        case .variable(let name)? where getenv(name) == nil:
            findings.append(
                .warning(
                    "\(subject): the environment of this command has no \(name). The responder's must have it."
                )
            )
        case .variable?, nil: break
        }
        return findings
    }

    /// What is wrong with a file that has secrets.
    func secretFile(_ path: String, _ subject: String, _ key: String) -> [Finding] {
        guard File.isReadable(path), let status = try? FileStatus(path: path) else {
            return [
                .error(
                    "\(subject): \(key) = \"\(path)\" cannot be read by this user.",
                    fix: "make it, with mode 0640 and the responder's group"
                )
            ]
        }
        if status.mode & 0o004 == 0 { return [] }
        return [
            .warning(
                "\(subject): every user of this machine can read \(path), which has a secret.",
                fix: "chmod 0640 \(path)"
            )
        ]
    }

    private func empty(_ path: String, _ subject: String) -> [Finding] {
        do throws(FetchError) {
            _ = try FetchSecret.file(path).read()
            return []
        } catch { return [.error("\(subject): \(error)")] }
    }
}
