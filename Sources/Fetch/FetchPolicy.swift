/// Where may be fetched from. Asked before every request and every redirect, and of every address at the moment of
/// connecting to it: a name may mean another address each time it is looked up.
public struct FetchPolicy: Hashable, Sendable {
    /// Hosts that somebody named, in lower case: they may have private and loopback addresses, and get what
    /// credentials there are for them. Link-local addresses only where the host is named by its address.
    public var named: Set<String>
    /// Whether hosts that nobody named may be fetched from, which then have public addresses and speak https.
    public var allowsOthers: Bool
    /// Whether passwords of a netrc file may go out by http too: where whoever named a host named it by http.
    public var sendsPlainly: Bool

    /// Names hosts.
    public init(named: Set<String>, allowsOthers: Bool, sendsPlainly: Bool = false) {
        self.named = named
        self.allowsOthers = allowsOthers
        self.sendsPlainly = sendsPlainly
    }

    /// Why nothing may be fetched from `url`, in words that follow its host; `nil` where it may.
    public func objection(to url: WebURL) -> String? {
        if named.contains(url.host) { return nil }
        if !allowsOthers { return "is not among the hosts that are allowed." }
        return url.isSecure ? nil : "is asked for by http; of a host that is not named only https is taken."
    }

    /// Why no connection may be made to `address` for `url`.
    func objection(to address: Address, for url: WebURL) -> String? {
        switch address.kind {
        case .public: return nil
        case .private, .loopback: if named.contains(url.host) { return nil }
        case .linkLocal, .reserved:
            if named.contains(url.host) && url.host == address.description { return nil }
        }
        return "has the \(address.kind.rawValue) address \(address), and is not named in the configuration."
    }

    /// What of `credentials` may be sent to `url`.
    func credentials(_ credentials: FetchCredentials, for url: WebURL) -> FetchCredentials {
        switch credentials {
        case .none: .none
        // An entry `default` of the file is meant for who was named, not for whoever a page names; and none for who
        // listens on the way, where a page says http.
        case .netrc: named.contains(url.host) && (url.isSecure || sendsPlainly) ? credentials : .none
        case .basic(_, _, let origin): url.origin == origin ? credentials : .none
        }
    }
}
