internal import Glibc

/// Sending an answer that is too long to be had in memory.
extension Response {
    /// Gives all of it to `write`, piece by piece, until that returns false; whether all was taken.
    func send(_ write: (_ piece: UnsafeRawBufferPointer, _ isLast: Bool) -> Bool) -> Bool {
        guard let file, file.count > 0 else { return bytes.withUnsafeBytes { write($0, true) } }
        return bytes.withUnsafeBytes { write($0, false) } && file.send(write)
    }

    /// Writes it to a descriptor, as a CGI program does to its standard output (RFC 3875 §6). Blocks until the web
    /// server has taken it; false when it does not want all of it.
    public func write(to descriptor: Int32) -> Bool {
        send { piece, _ in Self.write(piece, to: descriptor) }
    }

    static func write(_ piece: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = piece
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }
}
