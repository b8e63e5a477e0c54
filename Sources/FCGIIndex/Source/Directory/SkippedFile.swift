/// An entry of a folder that is not listed, and why.
public struct SkippedFile: Hashable, Sendable {
    /// Why an entry is not listed.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case hidden = "Its name begins with a dot."
        case temporary = "Its name is that of a file that is not finished."
        case noDistribution = "Its name is not that of a wheel, an egg or a source distribution."
        case unclaimed = "The source does not claim its project; add it to packages to list it."
        case linkLeaves = "It is a symbolic link that leaves the folder."
        case linkEndsNowhere = "It is a symbolic link that leads nowhere."
        case linkToDirectory = "It is a symbolic link to a directory."
        case noFile = "It is not a regular file."
        case unreadable = "This user may not read it."
        case beingWritten = "It is still being written."
        case duplicate = "Another file of the folder has its name and is listed."
        case unreadableDirectory = "This user may not read the directory."
    }

    /// The way to it from the folder.
    public let path: String
    /// Why it is not listed.
    public let reason: Reason

    /// The way to it for people: whoever named the file has no say over their terminal.
    public var shownPath: String { path.printable }
}

extension String {
    /// With a question mark for each character that does something to a terminal.
    var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.isPrintable ? $0 : "?" }))
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isPrintable: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
