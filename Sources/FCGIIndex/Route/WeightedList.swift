/// The elements of a header that weighs alternatives, such as Accept (RFC 9110 §12.4.2), as far as they can be read.
struct WeightedList: Sequence, IteratorProtocol {
    /// One alternative: lower-case, without parameters.
    struct Element {
        let value: Substring
        /// Thousandths, 0...1000.
        let quality: Int
    }

    /// Elements past this many are not read: no client sends so many, and an attacker's cost nothing.
    static let limit = 64

    private var elements: ArraySlice<Substring>

    init(_ header: String) {
        elements = header.split(separator: ",", maxSplits: Self.limit).prefix(Self.limit)
    }

    /// The next element that is well formed; others are passed over.
    mutating func next() -> Element? {
        while let element = elements.popFirst() {
            let parts = element.split(separator: ";").map { $0.trimmingOptionalWhitespace() }
            guard let value = parts.first, !value.isEmpty else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") || $0.hasPrefix("Q=") }
            guard let quality = weight.map({ Self.thousandths($0.dropFirst(2)) }) ?? 1000 else { continue }
            return Element(value: Substring(value.lowercased()), quality: quality)
        }
        return nil
    }

    /// `0`, `1`, `0.5`, `1.000`: at most three decimals (RFC 9110 §12.4.2); `nil` for anything else.
    private static func thousandths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == "0" || whole == "1", parts.count <= 2 else { return nil }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard decimals.utf8.count <= 3, decimals.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        let value = Int(whole + decimals + String(repeating: "0", count: 3 - decimals.utf8.count)) ?? 0
        return value <= 1000 ? value : nil
    }
}

extension Substring {
    fileprivate func trimmingOptionalWhitespace() -> Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) })
        else {
            return ""
        }
        return self[first...last]
    }
}
