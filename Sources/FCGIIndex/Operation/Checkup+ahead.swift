/// Builds ahead of demand.
extension Checkup {
    /// What is built before anybody asks, and whether anything will ever be listed.
    static func ahead(_ source: GitSourceConfiguration) -> [Finding] {
        let builds =
            switch source.prebuild {
            case .off: "nothing is built ahead of demand"
            case .newest: "the newest version of each project is built ahead of demand"
            case .all: "every version is built ahead of demand"
            }
        let finding = Finding.ok("Source \"\(source.name)\": \(builds).")
        if source.list == .all || source.prebuild != .off { return [finding] }
        return [
            finding,
            .warning(
                "Source \"\(source.name)\" lists only what is built, and builds nothing by itself. Set prebuild to "
                    + "\"newest\" or \"all\", or build by hand: pyindex-fcgi build PROJECT VERSION"
            ),
        ]
    }
}
