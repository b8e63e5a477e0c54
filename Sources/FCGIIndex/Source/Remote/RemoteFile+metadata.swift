internal import Archive
internal import Digest
internal import Fetch
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// What lies beside a file of another server, or in it.
extension RemoteFile {
    /// Bytes of a metadata file, and of a signature.
    private static let largestMetadata: Int64 = 4 << 20
    private static let largestSignature: Int64 = 1 << 16

    /// The file's metadata (PEP 658): as the server has it, else out of the wheel, of which only the end and the
    /// metadata itself are read. `nil` where there is none to offer. Many who want it together look for it once. Blocks.
    func metadata() throws(FetchError) -> [UInt8]? {
        let path = files.metadataPath(of: self)
        let (search, isNew) = files.searches.withLock { searches in
            if let search = searches[path] { return (search, false) }
            let search = MetadataSearch()
            searches[path] = search
            return (search, true)
        }
        if isNew {
            let result = Result { () throws(FetchError) in try soughtMetadata() }
            files.searches.withLock { $0[path] = nil }
            search.end(result)
            return try result.get()
        }
        guard let result = search.wait() else { throw .unreachable("It takes long to come.") }
        // Another caller's credentials may be what was refused.
        if case .failure(.refused) = result, files.isPersonal { return try soughtMetadata() }
        return try result.get()
    }

    private func soughtMetadata() throws(FetchError) -> [UInt8]? {
        if let bytes = try? File.readIfPresent(files.metadataPath(of: self)) { return bytes }
        var found = try announced()
        if found == nil { found = try inside() }
        guard let bytes = found else { return nil }
        do throws(SystemError) {
            try files.keep(metadata: bytes, of: self)
        } catch {
            files.logger.error("Metadata of the source \"\(files.source)\" cannot be kept: \(error).")
        }
        return bytes
    }

    /// What the server has beside the file.
    private func announced() throws(FetchError) -> [UInt8]? {
        guard let origin, let offered = origin.metadata else { return nil }
        do throws(FetchError) {
            let bytes = try beside(origin, ".metadata", Self.largestMetadata)
            if let digest = offered.digest, SHA256.hash(bytes) != digest {
                throw .bad("The metadata of \(filename) has not the digest that its page says.")
            }
            return bytes
        } catch {
            // Announced, and not there: the wheel has it too.
            if case .absent = error { return nil }
            throw error
        }
    }

    /// The detached signature beside it. Blocks.
    func signature() throws(FetchError) -> [UInt8]? {
        guard let origin, origin.isSigned else { return nil }
        return try beside(origin, ".asc", Self.largestSignature)
    }

    private func beside(_ origin: Origin, _ suffix: String, _ most: Int64) throws(FetchError) -> [UInt8] {
        guard let url = origin.url.appending(suffix) else { throw .bad("Its URL is too long.") }
        return try files.fetcher.bytes(of: origin.request(url, FetchLimits(bytes: most))).bytes
    }

    // MARK: Out of the wheel

    private func inside() throws(FetchError) -> [UInt8]? {
        guard case .wheel = filename else { return nil }
        if files.holds(self) { return try offered(by: found(at: files.path(of: self))) }
        guard let origin else { return nil }
        let parts: RemoteParts
        do throws(RemoteParts.Refusal) {
            parts = try RemoteParts(origin, fetcher: files.fetcher)
        } catch {
            switch error {
            case .failed(let error): throw error
            case .ranges: return try insideWhole(origin)
            }
        }
        var failure: FetchError?
        let found = Self.local { () throws(SystemError) in
            try FileMetadata(size: parts.size, as: filename) { range in
                do throws(FetchError) {
                    return try parts.bytes(range)
                } catch {
                    failure = error
                    return nil
                }
            }
        }
        if let failure { throw failure }
        return try offered(by: found.get())
    }

    /// A server that has no parts to give: all of it, and then what is in it. Where files are kept, it is one of them.
    private func insideWhole(_ origin: Origin) throws(FetchError) -> [UInt8] {
        if files.keepsFiles && origin.digest != nil {
            try files.keep(self, origin)
            return try offered(by: found(at: files.path(of: self)))
        }
        let path = files.partPath(of: self) + "-" + Temporary.suffix()
        defer { unlink(path) }
        let file = try Self.local { () throws(SystemError) in
            try files.prepare(self)
            return try Descriptor(opening: path, O_RDWR | O_CREAT | O_EXCL)
        }.get()
        var request = origin.request(RemoteFiles.limits)
        request.limits.bytes = origin.size ?? RemoteFiles.largest
        let digester = origin.digest.map { Digester($0.algorithm) }
        try files.fetcher.fetch(request, into: FileSink(file, onBytes: { digester?.update($0) }))
        if let digest = origin.digest, digester?.finish() != digest {
            throw .bad("The \(digest.algorithm.rawValue) of \(filename) is not the one that its page says.")
        }
        return try offered(by: found(at: path))
    }

    private func found(at path: String) throws(FetchError) -> FileMetadata {
        try Self.local { () throws(SystemError) in try FileMetadata(path, as: filename) }.get()
    }

    private func offered(by found: FileMetadata) throws(FetchError) -> [UInt8] {
        if let bytes = found.offered { return bytes }
        throw .bad("\(filename) has no metadata to offer: \(found.problem ?? "none is in it.")")
    }

    /// This machine's failures are no server's.
    private static func local<Value: ~Copyable>(
        _ body: () throws(SystemError) -> Value
    ) -> Result<Value, FetchError> {
        do throws(SystemError) {
            return .success(try body())
        } catch { return .failure(.unreachable("\(error).")) }
    }
}
