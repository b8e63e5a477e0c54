/// A pattern over a whole text: `*` stands for any characters, also none, and `?` for one.
struct Glob: Hashable, Sendable {
    /// The pattern as written.
    let text: String

    /// Takes every text; one without `*` and `?` matches itself alone.
    init(_ text: String) { self.text = text }

    /// Whether all of `candidate` is matched. Compared byte by byte: names of files and versions are ASCII.
    func matches(_ candidate: String) -> Bool {
        let pattern = Array(text.utf8)
        let bytes = Array(candidate.utf8)
        var (place, position) = (0, 0)
        // Where the last star stands, and the position that it took up to: the only choice to come back to.
        var star: (place: Int, position: Int)?
        while position < bytes.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, position)
                place += 1
            } else if place < pattern.count,
                pattern[place] == bytes[position] || pattern[place] == UInt8(ascii: "?")
            {
                (place, position) = (place + 1, position + 1)
            } else if let last = star {
                star = (last.place, last.position + 1)
                (place, position) = (last.place + 1, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
