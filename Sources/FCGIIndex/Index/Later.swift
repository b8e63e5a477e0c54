public import FastCGI

/// What is left to do for a request when another server is asked first. Blocks for as long as that takes.
public struct Later: @unchecked Sendable {  // handed over with its request, to one thread
    /// How it ended.
    public enum End: Sendable {
        /// This is to be sent.
        case response(Response)
        /// It was sent as it came, or broken off.
        case streamed(status: Int)
    }

    private let body: (any Client) -> End

    init(_ body: @escaping (any Client) -> End) { self.body = body }

    /// The same, with what is to be sent in the end changed.
    func changing(_ change: @escaping (Response) -> Response) -> Later {
        Later { client in
            switch self.run(client) {
            case .response(let response): .response(change(response))
            case .streamed(let status): .streamed(status: status)
            }
        }
    }

    /// The same, for who brought `credentials`: it runs on another thread than the one that read them.
    func lent(_ credentials: CallersCredentials?) -> Later {
        credentials == nil ? self : Later { client in credentials.lending { self.run(client) } }
    }

    /// Does it, once.
    public func run(_ client: any Client) -> End { body(client) }
}
