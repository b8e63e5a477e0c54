import Foundation
import POSIX

extension Site {
    /// The processes of this site whose command line, its arguments separated by NUL, is as `condition` wants.
    /// A process is of this site when its command line, environment or working directory names the directory.
    func processes(_ condition: (String) -> Bool = { _ in true }) throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
            guard let id = Int32(name), let command = try? text(of: "/proc/\(id)/cmdline"), condition(command)
            else {
                return nil
            }
            let place = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/cwd")) ?? ""
            let environment = (try? text(of: "/proc/\(id)/environ")) ?? ""
            let isOurs = [command, environment, place].contains { $0.contains(directory) }
            return isOurs ? id : nil
        }
    }

    /// What builds left behind: their processes, and their directories in the cache.
    func leftovers() throws -> [String] {
        let known = [responder.id, nginxID, builder?.id ?? 0]
        let processes = try processes { !$0.hasPrefix("nginx: ") }.filter { !known.contains($0) }
        let directories = try FileManager.default.contentsOfDirectory(atPath: cache + "/tmp")
        return processes.map { "process \($0)" } + directories
    }
}
