extension FileStatus {
    /// The status of the file at `path`, or `nil` where nothing is. Every other failure is thrown.
    public static func ifPresent(_ path: String, followingLinks: Bool = true) throws(SystemError)
        -> FileStatus?
    {
        do throws(SystemError) {
            return try FileStatus(path: path, followingLinks: followingLinks)
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }
}
