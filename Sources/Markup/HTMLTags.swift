internal import CLibXML2

/// The start tags of an HTML page, read as tolerantly as browsers read it, by libxml2, which libarchive brings anyway.
/// Nothing is kept of the page, loaded, or run.
public enum HTMLTags {
    /// A start tag.
    public struct Tag: Sendable {
        /// In lower case.
        public let name: String
        /// Names in lower case, values with entities decoded; of an attribute without value the empty text. Of several
        /// with one name the first.
        public let attributes: [String: String]
    }

    /// Tells `body` of each of the tags in `names`, in their order. Scripts, styles and comments have none.
    ///
    /// - Parameter bytes: UTF-8.
    public static func forEach(
        of names: Set<String>,
        in bytes: UnsafeRawBufferPointer,
        _ body: (Tag) -> Void
    ) {
        withoutActuallyEscaping(body) { body in
            let reader = Reader(names: names, body: body)
            withExtendedLifetime(reader) { read(bytes, Unmanaged.passUnretained(reader).toOpaque()) }
        }
    }

    private final class Reader {
        let names: Set<String>
        let body: (Tag) -> Void

        init(names: Set<String>, body: @escaping (Tag) -> Void) { (self.names, self.body) = (names, body) }
    }

    /// Bytes that libxml2 gets at once: it counts in 32 bits.
    private static let pieceLength = 1 << 20

    private static func read(_ bytes: UnsafeRawBufferPointer, _ reader: UnsafeMutableRawPointer) {
        var handler = htmlSAXHandler()
        handler.startElement = { reader, name, attributes in
            guard let reader, let name else { return }
            HTMLTags.take(Unmanaged<Reader>.fromOpaque(reader).takeUnretainedValue(), name, attributes)
        }
        guard let context = htmlCreatePushParserCtxt(&handler, reader, nil, 0, nil, XML_CHAR_ENCODING_UTF8)
        else {
            return
        }
        defer { htmlFreeParserCtxt(context) }
        let options =
            HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
        htmlCtxtUseOptions(context, Int32(options | HTML_PARSE_NONET.rawValue))
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(pieceLength))
            htmlParseChunk(
                context,
                piece.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(piece.count),
                0
            )
            rest = rest.dropFirst(piece.count)
        }
        htmlParseChunk(context, nil, 0, 1)
    }

    private static func take(
        _ reader: Reader,
        _ name: UnsafePointer<xmlChar>,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        let name = String(cString: name).lowercased()
        guard reader.names.contains(name) else { return }
        var values: [String: String] = [:]
        var place = 0
        while let attribute = attributes?[place] {
            let value = attributes?[place + 1].map { String(cString: $0) } ?? ""
            let key = String(cString: attribute).lowercased()
            if values[key] == nil { values[key] = value }
            place += 2
        }
        reader.body(Tag(name: name, attributes: values))
    }
}
