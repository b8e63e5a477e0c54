internal import Digest
internal import POSIX
internal import PythonPackaging

extension DirectoryFile {
    /// The metadata inside the file `file`, read again; `nil` when none is offered, or it is no longer what was
    /// offered. Blocks.
    func metadata(of file: DistributionFilename) throws(SystemError) -> [UInt8]? {
        guard let expected = metadataSHA256 else { return nil }
        let found = try FileMetadata(path, as: file).offered
        return found.map { SHA256.hash($0) } == expected ? found : nil
    }
}
