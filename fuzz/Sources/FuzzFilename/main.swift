import Fuzzing
import PythonPackaging

// A file name: what is read is written as it stood, and holds nothing that leads out of a directory.
fuzz { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    if let name = ProjectName(text) {
        precondition(ProjectName(name.normalized) == name, text)
        precondition(
            name.normalized.utf8.allSatisfy { $0 == 45 || (48...57).contains($0) || (97...122).contains($0) }
        )
    }
    guard let file = DistributionFilename(text) else { return }
    precondition(file.description == text, text)
    precondition(
        !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 32 } && text != "." && text != "..",
        text
    )
    precondition(DistributionFilename(text, of: file.project) != nil, text)
}
