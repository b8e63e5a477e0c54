/// A web server that remedies are known for.
enum WebServerKind: String, Sendable, CaseIterable {
    case nginx
    case apache
    case lighttpd
    /// One that does not say what it is, or another.
    case other

    /// - Parameter software: the value of `SERVER_SOFTWARE` (RFC 3875 §4.1.17), or of the Server field.
    init(software: String?) {
        let name = software?.lowercased() ?? ""
        self =
            name.hasPrefix("nginx")
            ? .nginx : name.hasPrefix("apache") ? .apache : name.hasPrefix("lighttpd") ? .lighttpd : .other
    }
}

/// What is to be changed, in the words of each web server's configuration.
struct Remedy: Sendable {
    let nginx: String
    let apache: String
    let lighttpd: String
    let other: String

    func words(for server: WebServerKind) -> String {
        switch server {
        case .nginx: nginx
        case .apache: apache
        case .lighttpd: lighttpd
        case .other: other
        }
    }
}

extension Remedy {
    /// What concerns no web server's configuration.
    init(_ words: String) { self.init(nginx: words, apache: words, lighttpd: words, other: words) }
}
