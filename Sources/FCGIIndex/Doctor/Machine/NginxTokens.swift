/// The words and marks of an nginx configuration.
struct NginxTokens {
    enum Token: Hashable {
        case word(String)
        case semicolon
        case open
        case close
    }

    private var rest: Substring.UnicodeScalarView

    init(_ text: String) { rest = Substring(text).unicodeScalars }

    /// The next one; `nil` at the end. Comments are passed over.
    mutating func next() -> Token? {
        while let scalar = rest.first {
            switch scalar {
            case _ where scalar.properties.isWhitespace: rest.removeFirst()
            case "#": rest = rest.drop { $0 != "\n" }
            case ";", "{", "}":
                rest.removeFirst()
                return scalar == ";" ? .semicolon : scalar == "{" ? .open : .close
            case "\"", "'":
                rest.removeFirst()
                return .word(quoted(by: scalar))
            default: return .word(bare())
            }
        }
        return nil
    }

    private mutating func quoted(by quote: Unicode.Scalar) -> String {
        var word = ""
        while let scalar = rest.popFirst(), scalar != quote {
            // A backslash takes the next one as it is.
            word.unicodeScalars.append(scalar == "\\" ? rest.popFirst() ?? scalar : scalar)
        }
        return word
    }

    private mutating func bare() -> String {
        var word = ""
        var isInBraces = false
        while let scalar = rest.first {
            // `${name}` is a part of a word.
            if scalar == "{" && word.hasSuffix("$") {
                isInBraces = true
            } else if scalar == "}" && isInBraces {
                isInBraces = false
            } else if ";{}".unicodeScalars.contains(scalar) || scalar.properties.isWhitespace {
                return word
            }
            rest.removeFirst()
            word.unicodeScalars.append(scalar == "\\" ? rest.popFirst() ?? scalar : scalar)
        }
        return word
    }
}
