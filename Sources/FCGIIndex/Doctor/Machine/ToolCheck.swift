internal import POSIX

/// Whether the programs that builds need are where the responder finds them.
struct ToolCheck: MachineCheck {
    func findings(on machine: Machine) -> [Finding] {
        // With a builder it is the builder that starts them, and its processes are not looked into.
        let isElsewhere = machine.configuration.build.builder != nil
        let path = isElsewhere ? nil : machine.responder.flatMap { Self.path(ofProcess: $0.process) }
        return machine.configuration.sources.flatMap { source -> [Finding] in
            guard case .git(let git) = source else { return [] }
            return Self.findings(git, path: path ?? BuildEnvironment.current.path)
        }
    }

    /// - Parameter path: the directories of programs, as in `$PATH`.
    static func findings(_ source: GitSourceConfiguration, path: String) -> [Finding] {
        var needed: [String: String] = [:]
        for recipe in source.allRecipes {
            if let program = recipe.command?.first {
                // One with a slash that is not absolute is the package's own.
                if !program.contains("/") || program.hasPrefix("/") {
                    needed[program] = "its build-command starts with it"
                }
            } else {
                needed["python3"] = "packages are built by it"
            }
            if recipe.makesRepository == true { needed["git"] = "it makes the repository that builds see" }
        }
        let missing = needed.filter { Program.find($0.key, in: path) == nil }.sorted { $0.key < $1.key }
        if missing.isEmpty {
            return [.ok("Source \"\(source.name)\": the programs that builds start with are installed.")]
        }
        return missing.map { program, reason in
            .error(
                "Source \"\(source.name)\" needs \(program), since \(reason), and it is not in \(path).",
                fix:
                    "install it, or set PATH in the unit (`Environment=PATH=...`) or script that starts pyindex-fcgi"
            )
        }
    }

    /// `PATH` of a running process, which root and its own user may see.
    private static func path(ofProcess process: Int32) -> String? {
        guard let bytes = try? File.read("/proc/\(process)/environ") else { return nil }
        let path = bytes.split(separator: 0).first { $0.starts(with: "PATH=".utf8) }
        return path.map { String(decoding: $0.dropFirst(5), as: UTF8.self) }
    }
}
