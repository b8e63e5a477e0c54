/// Metrics in Prometheus' text exposition format, version 0.0.4.
struct Exposition {
    /// The Content-Type of the format.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What a family of metrics is.
    enum Kind: String {
        case counter, gauge, histogram
    }

    /// The label names and values of a sample.
    typealias Labels = [(name: String, value: String)]

    /// The text so far.
    private(set) var text = ""
    private var name = ""

    /// Begins a family: all samples up to the next one are of it.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(Self.escaped(help, quote: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes a sample of a counter or gauge.
    mutating func sample(_ labels: Labels = [], _ value: Double) { line(name, labels, value) }

    /// A family of one sample.
    mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        family(name, .gauge, help)
        sample([], value)
    }

    /// Writes a histogram.
    ///
    /// - Parameter counts: of each bucket by itself, and behind them of what is past the last bound.
    mutating func histogram(_ labels: Labels, bounds: [Double], counts: [UInt64], sum: Double) {
        var count: UInt64 = 0
        for (bound, bucket) in zip(bounds.map(Self.number) + ["+Inf"], counts) {
            count += bucket
            line("\(name)_bucket", labels + [("le", bound)], Double(count))
        }
        line("\(name)_sum", labels, sum)
        line("\(name)_count", labels, Double(count))
    }

    private mutating func line(_ name: String, _ labels: Labels, _ value: Double) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quote: true))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(Self.number(value))\n"
    }

    /// Whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    /// Backslashes and line feeds are escaped everywhere, quotation marks in values.
    private static func escaped(_ text: String, quote: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quote: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
