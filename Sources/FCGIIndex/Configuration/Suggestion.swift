/// The word somebody probably meant.
enum Suggestion {
    /// The one of `words` that is nearest to `written`, or `nil` when none is near: at most a third of its
    /// letters may differ, and two of them in short words.
    static func nearest(to written: String, among words: [String]) -> String? {
        let plain = written.lowercased().replacing("_", with: "-")
        let limit = max(2, plain.count / 3)
        let ranked = words.map { (word: $0, distance: distance(plain, $0)) }.min { $0.distance < $1.distance }
        guard let best = ranked, best.distance <= limit, best.distance < best.word.count else { return nil }
        return best.word
    }

    /// Insertions, deletions, replacements and exchanges of neighbours that make one word of the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var cost = min(
                    last[column] + (left[row] == right[column] ? 0 : 1),
                    last[column + 1] + 1,
                    current[column] + 1
                )
                let isExchange =
                    row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
                if isExchange { cost = min(cost, beforeLast[column - 1] + 1) }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
