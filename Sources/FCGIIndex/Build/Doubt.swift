internal import FoundationEssentials
internal import Glibc
internal import POSIX

/// Why a published file is not known to come back with the same bytes: `builds/<identity>/doubt.json`.
struct Doubt: Codable, Hashable, Sendable {
    /// One sentence of our own words.
    let reason: String
    /// Seconds since 1970.
    let time: Int64
    /// Whether building it again gave something else, or cannot be tried; else this machine failed.
    let isFinal: Bool

    /// Whether it is too early, at `now`, to build the file again for that: a day after a failure of this machine, and
    /// 30 days where a newer compressor or another configuration may have changed matters. A clock that was set back
    /// ends it.
    func holds(at now: Int64) -> Bool {
        now >= time && now - time < (isFinal ? 30 : 1) * 86_400
    }
}

extension BuildRecord {
    private var doubtPath: String { directory + "/doubt.json" }

    /// What is doubtful of the published file, if anything.
    func doubt() -> Doubt? {
        guard let bytes = try? File.readIfPresent(doubtPath) else { return nil }
        return try? JSONDecoder().decode(Doubt.self, from: Data(bytes))
    }

    /// Keeps `doubt`, or, for `nil`, that there is none; as well as it can be done.
    func keep(_ doubt: Doubt?) {
        guard let doubt else {
            unlink(doubtPath)
            return
        }
        guard let data = try? JSONEncoder().encode(doubt) else { return }
        try? prepare()
        try? File.replace(doubtPath, with: Array(data))
    }
}
