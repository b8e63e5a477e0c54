/// One member's header in the canonical tar: ustar (POSIX.1-1988), with a pax header (POSIX.1-2001) before it
/// only where a name does not fit or is not ASCII.
///
/// Written here and not by libarchive, whose headers depend on its version and on the locale, while this tar
/// must be the same on every machine for ever.
struct TarHeader {
    enum Kind {
        case file(executable: Bool, size: Int64)
        case directory
        case symbolicLink([UInt8])
        case hardLink([UInt8], executable: Bool)
    }

    /// The member's path, with the top directory; a directory's ends in a slash.
    let path: [UInt8]
    let kind: Kind
    /// Seconds since 1970, `0...0o77777777777`.
    let time: Int64

    static let blockSize = 512
    /// The two empty blocks that end a tar.
    static let end = [UInt8](repeating: 0, count: 2 * blockSize)
    private static let slash = UInt8(ascii: "/")

    /// Zeros after a body of `size` bytes, up to the next block.
    static func padding(after size: Int64) -> Int {
        (blockSize - Int(size % Int64(blockSize))) % blockSize
    }

    /// One block, or three and more with a pax header.
    var bytes: [UInt8] {
        var records: [UInt8] = []
        let split = Self.split(path)
        if split == nil { records += Self.record("path", path) }
        if link.count > 100 || !Self.isASCII(link) { records += Self.record("linkpath", link) }
        let (prefix, name) = split ?? ([], Self.shortened(path))
        let block = Self.block(
            name: name,
            prefix: prefix,
            mode: mode,
            size: size,
            time: time,
            type: type,
            link: Self.shortened(link)
        )
        if records.isEmpty { return block }
        let pax = Self.block(
            // The name that Python's tarfile gives it: no program makes a file of it.
            name: Array("././@PaxHeader".utf8),
            prefix: [],
            mode: 0o644,
            size: Int64(records.count),
            time: time,
            type: UInt8(ascii: "x"),
            link: []
        )
        let padding = [UInt8](repeating: 0, count: Self.padding(after: Int64(records.count)))
        return pax + records + padding + block
    }

    private var mode: UInt32 {
        switch kind {
        case .file(let executable, _), .hardLink(_, let executable): executable ? 0o755 : 0o644
        case .directory: 0o755
        case .symbolicLink: 0o777
        }
    }

    private var size: Int64 {
        if case .file(_, let size) = kind { size } else { 0 }
    }

    private var type: UInt8 {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .hardLink: UInt8(ascii: "1")
        case .symbolicLink: UInt8(ascii: "2")
        case .directory: UInt8(ascii: "5")
        }
    }

    private var link: [UInt8] {
        switch kind {
        case .symbolicLink(let target), .hardLink(let target, _): target
        case .file, .directory: []
        }
    }
}

extension TarHeader {
    private static func isASCII(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 < 128 } }

    /// What an unpacker without pax sees of a name that does not fit.
    private static func shortened(_ name: [UInt8]) -> [UInt8] {
        name.prefix(100).map { $0 < 128 ? $0 : UInt8(ascii: "_") }
    }

    /// The two name fields of ustar, cut at the first slash that makes both fit; `nil` when none does.
    private static func split(_ path: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
        guard isASCII(path) else { return nil }
        if path.count <= 100 { return ([], path) }
        guard let cut = path.dropLast().suffix(100).firstIndex(of: slash), cut <= 155 else { return nil }
        return (Array(path[..<cut]), Array(path[(cut + 1)...]))
    }

    /// `"<length> <key>=<value>\n"`, the length counting its own digits.
    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        var length = rest.count
        while length != rest.count + String(length).utf8.count {
            length = rest.count + String(length).utf8.count
        }
        return Array(String(length).utf8) + rest
    }

    private static func block(
        name: [UInt8],
        prefix: [UInt8],
        mode: UInt32,
        size: Int64,
        time: Int64,
        type: UInt8,
        link: [UInt8]
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) {
            block.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        }
        func octal(_ value: some BinaryInteger, digits: Int, at offset: Int) {
            let text = String(value, radix: 8)
            put((String(repeating: "0", count: digits - text.utf8.count) + text).utf8, at: offset)
        }
        put(name, at: 0)
        octal(mode, digits: 7, at: 100)
        for zero in [108, 116, 329, 337] { octal(0, digits: 7, at: zero) }  // uid, gid, device numbers
        octal(size, digits: 11, at: 124)
        octal(time, digits: 11, at: 136)
        put([type], at: 156)
        put(link, at: 157)
        put("ustar\u{0}00".utf8, at: 257)
        put(prefix, at: 345)
        // The checksum counts its own field as eight spaces.
        put(repeatElement(UInt8(ascii: " "), count: 8), at: 148)
        octal(block.reduce(0) { $0 + Int($1) }, digits: 6, at: 148)
        put([0], at: 154)
        return block
    }
}
