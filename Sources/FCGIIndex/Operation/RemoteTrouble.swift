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
    private let party: RemoteParty

    init(_ kind: Kind, at url: WebURL, of party: RemoteParty) {
        (self.kind, self.url, self.party) = (kind, url, party)
    }

    private var subject: String { "Source \"\(party.source)\": \(url)" }

    var finding: Finding {
        switch kind {
        case .noPage(let head):
            return .error(
                "\(subject) is no list of projects (PEP 503, PEP 691), but \(head.contentType ?? "of no type").",
                fix: party.rightURL
            )
        case .failed(let error): return finding(of: error)
        }
    }

    private func finding(of error: FetchError) -> Finding {
        switch error {
        case .absent(let status):
            .error("\(subject) answers \(status): nothing is there.", fix: party.rightURL)
        case .refused(let status):
            .error(
                "\(subject) answers \(status): \(party.refusal(by: url.host))",
                fix: party.credentials(for: url.host)
            )
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

    // MARK: The way to it

    /// - Parameter reason: libcurl's words among it.
    private func way(_ reason: String) -> String {
        let words = reason.lowercased()
        if words.contains("expired") || words.contains("not yet valid") {
            return "renew the certificate of \(url.host), if this machine's clock is right (timedatectl)"
        }
        if words.contains("certificate") {
            return party.caFile.map {
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
            let hosts = ((party.hosts ?? []) + [url.host]).map { "\"\($0)\"" }.joined(separator: ", ")
            return "`hosts = [\(hosts)]` in the source, if files of it are to come from there"
        }
        if reason.contains("from https to http") {
            return "have it redirect to https, or take the URL it redirects to"
        }
        return party.rightURL
    }
}
