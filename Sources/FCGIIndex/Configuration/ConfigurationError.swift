/// Everything that is wrong with a configuration, so that one reading of the messages mends it.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong, and where.
    public struct Issue: Hashable, Sendable, CustomStringConvertible {
        /// The file as it was named; empty where no file is concerned.
        public let file: String
        /// From 1; `nil` where the file as a whole is meant.
        public let line: Int?
        /// From 1, in characters; only syntax errors have one.
        public let column: Int?
        /// The key path, such as `source[0].path`; empty where no key is concerned.
        public let key: String
        /// What is wrong, and the remedy where one is known. One line.
        public let message: String

        init(file: String, line: Int? = nil, column: Int? = nil, key: String = "", message: String) {
            self.file = file
            self.line = line
            self.column = column
            self.key = key
            self.message = message
        }

        /// `FILE:LINE: KEY PATH: what is wrong`; syntax errors have `FILE:LINE:COLUMN:` instead.
        public var description: String {
            let place = [file, line.map(String.init) ?? "", column.map(String.init) ?? ""]
                .filter { !$0.isEmpty }.joined(separator: ":")
            return [place, key, message].filter { !$0.isEmpty }.joined(separator: ": ")
        }
    }

    /// Never empty; in the order of the file's lines.
    public let issues: [Issue]

    init(_ issues: [Issue]) {
        // Sorting is not stable by promise, and what stands on one line was found in a sensible order.
        let ordered = issues.enumerated().sorted {
            ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
        }
        self.issues = ordered.map(\.element)
    }

    /// One line for each issue, without a newline at the end.
    public var description: String { issues.map(\.description).joined(separator: "\n") }
}

/// What is wrong with one value: the end of a message, whose beginning says where the value stands.
struct ValueProblem: Error, Hashable {
    let message: String

    init(_ message: String) { self.message = message }
}
