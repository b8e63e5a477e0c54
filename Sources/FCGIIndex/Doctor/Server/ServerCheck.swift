internal import Fetch

/// One thing about the way through the web server.
protocol ServerCheck: Sendable {
    /// What is found; an empty array where it does not apply. Blocks; starts no build.
    ///
    /// - Throws: where there is no answer at all.
    func findings(_ visit: Visit) throws(FetchError) -> [Finding]
}

extension ServerCheck {
    /// The same; no answer is an error that is found.
    func findings(safely visit: Visit) -> [Finding] {
        do throws(FetchError) {
            return try findings(visit)
        } catch { return [.error("No answer came (\(Self.self)): \(error)")] }
    }
}
