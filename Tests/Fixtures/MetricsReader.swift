/// Metrics as a strict reader of Prometheus' text exposition format, version 0.0.4, takes them.
public struct MetricsReader: Sendable {
    /// What is wrong with the text.
    public struct Fault: Error, Sendable {
        /// The line, from 1.
        public let line: Int
        /// What it breaks.
        public let reason: String
    }

    /// The values by series, as `name{label="value"}` with labels in the order they came.
    public private(set) var values: [String: Double] = [:]
    /// The types by family.
    public private(set) var types: [String: String] = [:]

    private var helped: Set<String> = []
    private var closed: Set<String> = []
    private var family = ""
    private var line = 0

    /// Reads a whole text.
    ///
    /// - Throws: the first thing that the format does not allow.
    public init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Fault(line: 0, reason: "the last line has no end") }
        for part in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            line += 1
            if part.hasPrefix("#") { try comment(part) } else { try sample(part) }
        }
        for (name, type) in types where type == "histogram" { try histogram(name) }
    }

    private func fault(_ reason: String) -> Fault { Fault(line: line, reason: reason) }

    private mutating func comment(_ text: Substring) throws {
        let words = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(
            String.init
        )
        guard words.count == 4, Self.isName(words[2]) else { throw fault("neither HELP nor TYPE: \(text)") }
        switch words[1] {
        case "HELP":
            guard helped.insert(words[2]).inserted else { throw fault("a second HELP") }
        case "TYPE":
            guard types[words[2]] == nil else { throw fault("a second TYPE") }
            guard ["counter", "gauge", "histogram"].contains(words[3]) else {
                throw fault("no type: \(words[3])")
            }
            guard words[3] != "counter" || words[2].hasSuffix("_total") else {
                throw fault("a counter whose name does not end in _total")
            }
            types[words[2]] = words[3]
            closed.insert(family)
            family = words[2]
            guard !closed.contains(family) else { throw fault("a family in two places") }
        default: throw fault("neither HELP nor TYPE: \(text)")
        }
    }

    private mutating func sample(_ text: Substring) throws {
        guard let space = text.lastIndex(of: " ") else { throw fault("no value: \(text)") }
        let series = text[..<space]
        guard let value = Self.value(text[text.index(after: space)...]) else {
            throw fault("no number: \(text)")
        }
        let name = String(series.prefix { $0 != "{" })
        guard Self.isName(name) else { throw fault("no name: \(name)") }
        let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { family + $0 == name }) else {
            throw fault("\(name) is not of \(family)")
        }
        if name.count != series.count { try labels(series.dropFirst(name.count)) }
        guard values.updateValue(value, forKey: String(series)) == nil else {
            throw fault("twice: \(series)")
        }
        guard types[family] == "gauge" || value >= 0 else { throw fault("a count below 0: \(text)") }
    }

    private func labels(_ text: Substring) throws {
        guard text.hasPrefix("{"), text.hasSuffix("}") else { throw fault("labels: \(text)") }
        var rest = text.dropFirst().dropLast()
        var names: Set<String> = []
        while !rest.isEmpty {
            let name = String(rest.prefix { $0 != "=" })
            guard Self.isName(name), !name.contains(":"), names.insert(name).inserted else {
                throw fault("a label's name: \(name)")
            }
            rest = rest.dropFirst(name.count)
            guard rest.hasPrefix("=\"") else { throw fault("a label without a value: \(name)") }
            rest = rest.dropFirst(2)
            while let character = rest.first, character != "\"" {
                rest = rest.dropFirst()
                guard character == "\\" else { continue }
                guard let escaped = rest.popFirst(), "\\n\"".contains(escaped) else {
                    throw fault("a backslash that escapes nothing: \(text)")
                }
            }
            guard rest.popFirst() == "\"" else { throw fault("a value without an end: \(text)") }
            if !rest.isEmpty, rest.popFirst() != "," { throw fault("no comma: \(text)") }
        }
    }

    /// Buckets grow, the last is `+Inf`, and `_count` is equal to it.
    private func histogram(_ name: String) throws {
        for (series, count) in values where series.hasPrefix("\(name)_count") {
            let own = series.dropFirst("\(name)_count".count).dropFirst().dropLast()
            let start = "\(name)_bucket{" + (own.isEmpty ? "" : "\(own),") + "le=\""
            let buckets = values.filter { $0.key.hasPrefix(start) }.map { key, value in
                (Self.value(key.dropFirst(start.count).dropLast(2)) ?? .nan, value)
            }.sorted { $0.0 < $1.0 }
            guard buckets.last?.0 == .infinity, buckets.last?.1 == count else {
                throw fault("\(series) is not its +Inf bucket")
            }
            guard zip(buckets, buckets.dropFirst()).allSatisfy({ $0.1 <= $1.1 }) else {
                throw fault("buckets of \(series) shrink")
            }
            guard values["\(name)_sum\(series.dropFirst("\(name)_count".count))"] != nil else {
                throw fault("\(series) has no sum")
            }
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return text.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
                || $0 == ":"
        }
    }

    private static func value(_ text: Substring) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.contains(where: \.isLetter) && !text.contains("e") ? nil : Double(text)
        }
    }
}
