internal import PythonPackaging

/// What a list of files says: the input of dumb-pypi, on each line the name of a file, or a JSON object.
struct FileList: Sendable {
    /// The files by project, oldest version first.
    private(set) var projects: [ProjectName: [IndexFile]] = [:]
    /// In the order of the file.
    private(set) var skipped: [SkippedLine] = []

    /// Reads every line that can be read; the others are skipped.
    init(parsing bytes: [UInt8], _ configuration: FileListSourceConfiguration) {
        var lines: [DistributionFilename: Int] = [:]
        bytes.withUnsafeBytes { bytes in
            var number = 0
            for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                number += 1
                let line = Self.trimmed(line)
                if line.isEmpty { continue }
                do throws(SkippedLine.Problem) {
                    let file = try FileListLine(UnsafeRawBufferPointer(rebasing: line)).file(
                        in: configuration
                    )
                    let project = file.filename.project
                    if let packages = configuration.packages,
                        !packages.contains(where: { $0.matches(project) })
                    {
                        throw .init("The source does not claim \(project); add it to packages to list it.")
                    }
                    if let first = lines[file.filename] {
                        throw .init("Line \(first) has a file of this name.")
                    }
                    lines[file.filename] = number
                    projects[project, default: []].append(file)
                } catch {
                    skipped.append(SkippedLine(number: number, text: Self.shown(line), reason: error.reason))
                }
            }
        }
        projects = projects.mapValues { $0.sorted { $0.filename.version < $1.filename.version } }
    }

    /// The projects of which `other` says something else.
    func differences(from other: FileList) -> Set<ProjectName> {
        Set(projects.keys).union(other.projects.keys).filter { projects[$0] != other.projects[$0] }
    }

    private static func trimmed(_ line: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        var line = line
        while let last = line.last, last == 13 || last == 32 || last == 9 { line.removeLast() }
        return line.drop { $0 == 32 || $0 == 9 }
    }

    /// The line for people, cut where it is long.
    private static func shown(_ line: Slice<UnsafeRawBufferPointer>) -> String {
        String(decoding: line.prefix(120), as: UTF8.self).printable + (line.count > 120 ? "..." : "")
    }
}

/// A line of a list that lists nothing, and why.
public struct SkippedLine: Hashable, Sendable {
    struct Problem: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// From 1.
    public let number: Int
    /// How it begins.
    public let text: String
    /// A sentence.
    public let reason: String
}
