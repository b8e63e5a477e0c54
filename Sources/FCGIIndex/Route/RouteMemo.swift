internal import Synchronization

/// Routes of the paths that were asked for lately, since parsing a file's URL costs a quarter of answering it.
final class RouteMemo: Sendable {
    /// Paths kept; past it all are forgotten. Long ones are not kept: no URL of ours is long.
    private static let limit = 4096
    private static let longest = 256

    private let base: BasePath
    private let routes = Mutex<[String: Route]>([:])

    init(base: BasePath) { self.base = base }

    /// What `path`, up to the question mark, means.
    func route(_ path: String) -> Route {
        if let known = routes.withLock({ $0[path] }) { return known }
        let route = Route(path: path[...], under: base)
        guard path.utf8.count <= Self.longest, route != .unknown else { return route }
        routes.withLock { routes in
            if routes.count >= Self.limit { routes.removeAll(keepingCapacity: true) }
            routes[path] = route
        }
        return route
    }
}
