internal import Fetch

/// What is in the way of asking another index, and what to do about it.
struct RemoteTrouble {
    enum Kind {
        case failed(FetchError)
        /// It answered with something else than a page of the Simple API.
        case noPage(FetchHead)
    }

    private let kind: Kind
    private let url: WebURL
    private let index: SimpleSourceConfiguration

    init(_ kind: Kind, at url: WebURL, of index: SimpleSourceConfiguration) {
        (self.kind, self.url, self.index) = (kind, url, index)
    }

    private var subject: String { "Source \"\(index.name)\": \(url)" }

    var finding: Finding {
        switch kind {
        case .noPage(let head):
            return .error(
                "\(subject) is no list of projects (PEP 503, PEP 691), but \(head.contentType ?? "of no type").",
                fix: rightURL
            )
        case .failed(let error): return finding(of: error)
        }
    }

    private func finding(of error: FetchError) -> Finding {
        switch error {
        case .absent(let status): .error("\(subject) answers \(status): nothing is there.", fix: rightURL)
        case .refused(let status): .error("\(subject) answers \(status): \(refusal)", fix: credentials)
        case .limited(let status, let seconds):
            .warning(
                "\(subject) answers \(status)\(seconds.map { ", and asks to be left alone for \($0) s" } ?? "").",
                fix: "wait; where it comes back, ask whoever runs it for a higher limit"
            )
        case .unreachable(let reason): .error("\(subject) cannot be had: \(reason)", fix: way(reason))
        case .bad(let reason): .error("\(subject) is of no use: \(reason)", fix: permission(reason))
        case .ended: .ok("\(subject) answers.")
        }
    }

    private var rightURL: String {
        "`url` is the one that pip would be given as --index-url, mostly with /simple/ at its end"
    }

    // MARK: Credentials

    private var refusal: String {
        if let credentials = index.credentials {
            return "it does not take the password of \(credentials.username)."
        }
        guard let netrc = index.netrc else { return "it wants a user and a password." }
        return "it does not take what \(netrc) has for \(url.host)."
    }

    private var credentials: String {
        switch index.credentials?.password {
        case .file(let path)?: return "correct `username`, or the password in \(path)"
        case .variable(let name)?: return "correct `username`, or the password in the variable \(name)"
        case nil: break
        }
        let line = "`machine \(url.host) login USER password PASSWORD`"
        guard let netrc = index.netrc else {
            return "`netrc = \"/etc/pyindex/netrc\"` in the source, and in that file \(line)"
        }
        return "correct \(line) in \(netrc)"
    }

    // MARK: The way to it

    /// - Parameter reason: libcurl's words among it.
    private func way(_ reason: String) -> String {
        let words = reason.lowercased()
        if words.contains("expired") || words.contains("not yet valid") {
            return "renew the certificate of \(url.host), if this machine's clock is right (timedatectl)"
        }
        if words.contains("certificate") {
            return index.caFile.map {
                "\($0) must have the certificate of the CA that signed that of \(url.host)"
            } ?? "`ca-file` in the source, with the certificate of the CA that signed that of \(url.host)"
        }
        if words.contains("ssl") || words.contains("tls") {
            return "see that TLS is spoken at \(url.host):\(url.port), since `url` begins with https"
        }
        if words.contains("resolve") { return "correct the host in `url`, or this machine's DNS" }
        return
            "see that \(url.host):\(url.port) listens, and that this machine may connect to it: a firewall, or "
            + "`PrivateNetwork=` and `IPAddressDeny=` of pyindex.service"
    }

    private func permission(_ reason: String) -> String {
        if reason.contains("not named") || reason.contains("not among the hosts") {
            let hosts = ((index.hosts ?? []) + [url.host]).map { "\"\($0)\"" }.joined(separator: ", ")
            return "`hosts = [\(hosts)]` in the source, if files of it are to come from there"
        }
        if reason.contains("from https to http") {
            return "have it redirect to https, or take the URL it redirects to"
        }
        return rightURL
    }
}
