internal import Digest
internal import PythonPackaging

/// One line of a list of files, before anybody believed it.
struct FileListLine {
    private var keys = Keys()

    /// Reads a file's name, or an object with the keys of dumb-pypi. Keys that say nothing to clients of an index
    /// (`uploaded_by`, `requires_dist`) and those that are not known are passed over.
    init(_ line: UnsafeRawBufferPointer) throws(SkippedLine.Problem) {
        guard line.first == UInt8(ascii: "{") else {
            keys.filename = String(decoding: line, as: UTF8.self)
            return
        }
        var scanner = JSONScanner(line)
        do throws(JSONScanner.Fault) {
            try scanner.members { key, value throws(JSONScanner.Fault) in try keys.take(key, &value) }
            try scanner.end()
        } catch { throw .init("It is no JSON from character \(error.place + 1) on.") }
    }

    private struct Keys {
        var filename: String?
        var hash: String?
        var requiresPython: String?
        var metadata: String?
        var uploaded: Double?
        var yank: Yank?

        mutating func take(_ key: String, _ value: inout JSONScanner) throws(JSONScanner.Fault) {
            switch key {
            case "filename": filename = try value.string()
            case "hash": hash = try value.string()
            case "requires_python": requiresPython = try value.string()
            case "core_metadata": metadata = try value.string()
            case "upload_timestamp": uploaded = try value.number()
            case "yanked_reason": yank = try value.string().map { Yank(reason: $0) }
            default: try value.skip()
            }
        }
    }

    /// The file as it is listed.
    func file(in configuration: FileListSourceConfiguration) throws(SkippedLine.Problem) -> IndexFile {
        guard let filename = keys.filename else { throw .init("It has no filename.") }
        guard let name = DistributionFilename(filename) else {
            throw .init("The name is not that of a wheel, an egg or a source distribution.")
        }
        for text in [keys.requiresPython, keys.yank?.reason]
        where text?.unicodeScalars.contains(where: { $0.value < 32 }) == true {
            throw .init("It holds a control character.")
        }
        let digest = try digest()
        let url = configuration.packagesURL + PercentEncoding.encode(filename)
        return IndexFile(
            filename: name,
            identity: Identity(of: digest, at: url, in: configuration.name),
            url: url,
            requiresPython: keys.requiresPython.flatMap { $0.isEmpty ? nil : $0 },
            uploadTime: try time(),
            bytes: IndexFile.Facts(digest: digest, size: nil, metadata: try metadataFile()),
            yank: keys.yank
        )
    }

    private func digest() throws(SkippedLine.Problem) -> FileDigest? {
        guard let hash = keys.hash, !hash.isEmpty else { return nil }
        let parts = hash.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let algorithm = FileDigest.Algorithm(rawValue: String(parts[0])),
            let digest = FileDigest(algorithm, hex: parts[1])
        else { throw .init("Its hash is none: write such as sha256=, and the digits.") }
        return digest
    }

    /// Without a digest of its metadata, it is there.
    private func metadataFile() throws(SkippedLine.Problem) -> IndexFile.MetadataFile? {
        guard let metadata = keys.metadata, !metadata.isEmpty, metadata != "false" else { return nil }
        if metadata == "true" { return .undigested }
        guard metadata.hasPrefix("sha256="), let digest = SHA256Digest(hex: metadata.dropFirst(7)) else {
            throw .init("Its core_metadata is neither \"true\" nor sha256=, and the digits.")
        }
        return .sha256(digest)
    }

    private func time() throws(SkippedLine.Problem) -> Timestamp? {
        guard let uploaded = keys.uploaded else { return nil }
        // Up to the year 9999.
        guard (0...253_402_300_799).contains(uploaded) else {
            throw .init("Its upload_timestamp is no time.")
        }
        return Timestamp(Int64(uploaded))
    }
}
