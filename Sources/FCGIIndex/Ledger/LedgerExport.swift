internal import FoundationEssentials
internal import Glibc
public import POSIX
public import PythonPackaging

/// The ledger's lines as they stand in the file, in its order.
///
/// Lines of a newer version are among them, with all they hold; a last line that is torn is not.
public struct LedgerExport: Sendable {
    private let file: LedgerFile
    /// `nil` for all.
    private let project: ProjectName?

    /// The ledger of the state directory `directory`; without a file it is empty.
    ///
    /// - Parameter project: takes the lines of this project alone.
    public init(directory: String, project: ProjectName? = nil) {
        file = LedgerFile(directory: directory)
        self.project = project
    }

    /// Hands whole lines to `take`, many at once, as they are read. Blocks.
    ///
    /// - Throws: `LedgerError.unreadable` for a line that is no event, once all before it were handed over;
    ///   `.system`, also when the file is replaced meanwhile. `take`'s own failures are passed on as `.system`.
    public func lines(_ take: ([UInt8]) throws(SystemError) -> Void) throws(LedgerError) {
        var position: LedgerFile.Position?
        while let chunk = try next(after: position) {
            if let position, chunk.start != position {
                throw .system(SystemError("read", path: file.path, code: ESTALE))
            }
            position = chunk.end
            var number = chunk.start.lines
            var chosen: [UInt8] = []
            var failure: LedgerError?
            for line in chunk.bytes.split(separator: LedgerFile.newline, omittingEmptySubsequences: false)
                .dropLast()
            {
                number += 1
                guard let concerned = Self.project(of: line) else {
                    failure = .unreadable(path: file.path, line: number, message: "it is no event")
                    break
                }
                if project == nil || concerned == project?.normalized {
                    chosen += line + [LedgerFile.newline]
                }
            }
            do throws(SystemError) { try take(chosen) } catch { throw .system(error) }
            if let failure { throw failure }
        }
    }

    private func next(after position: LedgerFile.Position?) throws(LedgerError) -> LedgerFile.Chunk? {
        do throws(SystemError) {
            if try file.status() == nil { return nil }
            return try file.lines(after: position)
        } catch { throw .system(error) }
    }

    /// The project that a line concerns, empty where it concerns none; `nil` for what is no event.
    private static func project(of line: ArraySlice<UInt8>) -> String? {
        struct Subject: Decodable {
            struct Key: Decodable { let project: String }
            let event: String
            let project: String?
            let key: Key?
        }
        guard let subject = try? JSONDecoder().decode(Subject.self, from: Data(line)) else { return nil }
        return subject.project ?? subject.key?.project ?? ""
    }
}
