/// Routes of the paths that were asked for lately.
struct RouteMemo: Sendable {
    private let base: BasePath
    /// No URL of ours is long, and what leads nowhere is not kept: anybody can think of any number of those.
    private let routes = Memo<Route>(limit: 4096, longest: 256)

    init(base: BasePath) { self.base = base }

    /// What `path`, up to the question mark, means.
    func route(_ path: String) -> Route {
        routes.value(for: path, isWorthKeeping: { $0 != .unknown }) { Route(path: $0[...], under: base) }
    }
}
