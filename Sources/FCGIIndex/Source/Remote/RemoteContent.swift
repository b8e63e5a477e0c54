internal import PythonPackaging

/// What can be read of a page of another server: a project's files, the releases of a repository, its owner's list.
protocol RemoteContent: Sendable {
    /// What the server is asked for it by.
    associatedtype Key: Hashable & Sendable, CustomStringConvertible

    /// Reads `page`, which is that of `key`.
    init(_ page: KeptPage, of key: Key) throws(RemotePageFault)
    /// What `key` is called on disk: one segment of a path, and no other key's.
    static func name(of key: Key) -> String
    /// The projects whose pages here are made of this.
    func projects(of key: Key) -> Set<ProjectName>
    /// Bytes in memory, roughly.
    var weight: Int { get }
    /// How long it is left alone at least, in nanoseconds, because asking for it costs so much.
    var rest: Int64 { get }
    /// How much of it cannot be offered, and the first of that, for the log; `nil` where there is none.
    var leftOutNotice: String? { get }
}

extension RemoteContent {
    /// As it was asked for, so it costs no more than usual.
    var rest: Int64 { 0 }
}

extension RemotePage: RemoteContent {
    init(_ page: KeptPage, of key: ProjectName) throws(RemotePageFault) { self = try page.read(as: key) }

    static func name(of key: ProjectName) -> String { key.normalized }

    func projects(of key: ProjectName) -> Set<ProjectName> { [key] }

    /// What a file of a page takes, roughly.
    private static let fileWeight = 500

    var weight: Int { 1000 + files.count * Self.fileWeight }

    var leftOutNotice: String? { firstLeftOut.map { "\(leftOut) files are left out; \($0)" } }
}
