import Fuzzing
import PythonPackaging

// A version and a set of specifiers, with a newline between them: what is read must be written so that it reads the
// same again, and comparing must be an order.
fuzz { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = lines.first, let version = Version(first) else { return }
    guard let again = Version(version.description) else { fatalError("unreadable: \(version)") }
    precondition(again == version && again.description == version.description, "\(first)")
    precondition(again.hashValue == version.hashValue && !(again < version) && !(version < again))
    guard lines.count == 2 else { return }
    if let other = Version(lines[1]) {
        precondition([version < other, version == other, other < version].count { $0 } == 1, "\(text)")
    }
    if let specifiers = VersionSpecifiers(lines[1]) {
        _ = specifiers.contains(version)
        precondition(VersionSpecifiers(specifiers.description) != nil, "\(specifiers)")
    }
}
