internal import Fetch
internal import Glibc
internal import POSIX

/// Other indexes, which are not asked here: only what would be needed to.
extension Checkup {
    func otherIndex(_ source: SimpleSourceConfiguration) -> [Finding] {
        let subject = "Source \"\(source.name)\""
        if source.mode == .fallback { return [.ok("\(subject) redirects to \(source.url)")] }
        let user = source.credentials.map { ", as the user \($0.username)" } ?? ""
        var findings = [Finding.ok("\(subject): pages of \(source.url) are served here\(user).")]
        if let path = source.netrc { findings += secretFile(path, subject, ConfigurationKey.netrc.name) }
        guard let credentials = source.credentials else { return findings }
        switch credentials.password {
        case .file(let path):
            let problems = secretFile(path, subject, ConfigurationKey.passwordFile.name)
            findings += problems.isEmpty ? empty(path, subject) : problems
        case .variable(let name) where getenv(name) == nil:
            findings.append(
                .warning(
                    "\(subject): the environment of this command has no \(name). The responder's must have it."
                )
            )
        case .variable: break
        }
        if let url = WebURL(source.url), !url.isSecure, url.host != "127.0.0.1", url.host != "localhost" {
            findings.append(
                .warning("\(subject): the password goes to \(url.host) in clear. Write an https:// URL.")
            )
        }
        return findings
    }

    /// What is wrong with a file that has secrets.
    private func secretFile(_ path: String, _ subject: String, _ key: String) -> [Finding] {
        do throws(SystemError) {
            let status = try FileStatus(path: path)
            if !File.isReadable(path) { throw SystemError("open", path: path, code: EACCES) }
            if status.mode & 0o004 == 0 { return [] }
        } catch {
            return [.error("\(subject): \(error). \(key) must name a file that this user may read.")]
        }
        return [
            .warning(
                "\(subject): every user of this machine may read \(path), which has a password.",
                fix: "chmod o-rwx \(path), and give it to the responder's group"
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
