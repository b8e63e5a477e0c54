internal import Logging
public import PythonPackaging

extension GitSource {
    /// The published tags of `name` in this source that moved, oldest first.
    public func moves(of name: ProjectName) -> [MovedTag] {
        ledger.moves(of: name).filter { $0.source == configuration.name }
    }

    /// Remembers tags that moved. Whoever is the first to record it also says so in its log.
    func record(_ moved: [MovedTag]) {
        if moved.isEmpty { return }
        do throws(LedgerError) {
            let consequence =
                switch configuration.retag {
                case .rebuild: "It is built anew, under a new URL; the old file stays under the old one."
                case .keep: "What was published first stays."
                }
            for move in try ledger.record(moved) { logger.warning("\(move) \(consequence)") }
        } catch { logger.error("A tag that moved could not be recorded: \(error)") }
    }
}
