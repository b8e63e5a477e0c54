internal import FastCGI
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging

/// What is known of builds.
extension Index {
    func log(of name: ProjectName, _ version: Version, _ query: Query) -> Response {
        query.expectDelay()
        refresh()
        return guarded { () throws(SourceError) in
            guard case .page(let page) = try source.project(name),
                let file = page.files.first(where: { $0.filename.version == version })
            else { return Answers.notFound }
            let directory = BuildRecord(stateDirectory: stateDirectory, identity: file.identity)
            var state = file.bytes != nil ? "published" : "not built"
            if let failure = record(file.identity) {
                state = "failed (\(failure.class.rawValue)) at \(Timestamp(failure.time)): \(failure.reason)"
            }
            let log = (try? File.readIfPresent(directory.logPath)) ?? []
            let text = "\(file.filename): \(state)\n\n" + String(decoding: log, as: UTF8.self)
            return Answers.text(200, "OK", text, [("Cache-Control", "no-store")])
        }
    }

    func logURL(_ key: BuildKey) -> String {
        "\(base.prefix)/-/builds/\(key.project)/\(PercentEncoding.encode(key.version.description))"
    }

    /// Seconds since 1970.
    var now: Int64 { Int64(time(nil)) }

    func record(_ identity: Identity) -> BuildFailure? {
        do {
            return try BuildRecord(stateDirectory: stateDirectory, identity: identity).outcome()
        } catch {
            logger.error("\(error).")
            return nil
        }
    }
}
