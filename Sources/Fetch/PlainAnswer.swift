/// What a server answered, as it came.
public struct PlainAnswer: Sendable {
    /// The status.
    public var status: Int
    /// Names in lower case and values, in the order in which they came.
    public var fields: [(name: String, value: String)] = []
    /// The body, not decoded; cut off where more came than was to be read.
    public var body: [UInt8] = []

    /// The value of a field, several of one name joined (RFC 9110 §5.3); `nil` where there is none.
    ///
    /// - Parameter name: in lower case.
    public subscript(name: String) -> String? {
        let values = fields.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The body as text; what is not UTF-8 is replaced.
    public var text: String { String(decoding: body, as: UTF8.self) }
}
