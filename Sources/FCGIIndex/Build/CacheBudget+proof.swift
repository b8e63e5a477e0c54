internal import Glibc

extension CacheBudget {
    /// From which part of the limit on, taken by what was built, files are built a second time, so that some may go when
    /// it is reached: what was fetched goes before them.
    private static let proofShare = 0.75

    /// The file to build once more, so that it may go if it comes back: the least recently used one of which that is
    /// not known, and was not tried lately. `nil` while there is room, and where all is known.
    func nextProof() -> LedgerEntry? {
        guard share != .fetched, let limit = configuration.cacheLimit else { return nil }
        let survey = survey()
        guard Double(survey.built) > Double(limit) * Self.proofShare else { return nil }
        let now = Int64(time(nil))
        return survey.files.first { file in
            switch pin(of: file.entry) {
            case nil, .kept, .unlisted, .unbuildable: false
            case .unproven: true
            case .doubtful: record(of: file.entry).doubt()?.holds(at: now) != true
            }
        }?.entry
    }
}
