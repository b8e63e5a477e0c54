extension Decoder {
    /// Decodes one string and parses it; a text that does not parse is corrupted data.
    func singleString<Value>(_ parse: (String) -> Value?) throws -> Value {
        let text = try singleValueContainer().decode(String.self)
        guard let value = parse(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "\"\(text)\" is no \(Value.self).")
            )
        }
        return value
    }
}

extension Encoder {
    /// Encodes one string.
    func singleString(_ text: String) throws {
        var container = singleValueContainer()
        try container.encode(text)
    }
}
