internal import FoundationEssentials
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import TOMLKit

/// What makes environments: uv, or the modules venv and pip of python.
///
/// Only wheels are installed, so that no foreign code runs: whatever comes over the network is unpacked, no more.
enum Installer: Hashable, Sendable {
    /// The program at this path.
    case uv(String)
    case pip

    /// uv where it is on `path`.
    init(path: String) { self = Program.find("uv", in: path).map { .uv($0) } ?? .pip }

    /// A command that makes a part of an environment.
    struct Command: Hashable, Sendable {
        /// The absolute path of the program first.
        var arguments: [String]
        /// What runs after it where it ends with 1: where no wheels fit that the index had in time.
        var otherwise: [String]?

        fileprivate init(_ arguments: [String], otherwise: [String]? = nil) {
            self.arguments = arguments
            self.otherwise = otherwise
        }
    }

    /// The commands that make an environment, one after the other.
    ///
    /// - Parameters:
    ///   - folder: takes the environment as `venv`, and what the installer reports.
    ///   - requirements: the file with `key.lines`.
    ///   - scratch: an empty directory.
    func commands(_ key: EnvironmentKey, in folder: String, requirements: String, scratch: String)
        -> [Command]
    {
        let environment = folder + "/venv"
        let python = environment + "/bin/python"
        var exact: [String] = []
        if case .exactly = key.wish { exact = ["--no-deps", "--require-hashes"] }
        let common = ["--only-binary", ":all:"]
        switch self {
        case .uv(let uv):
            let origin = key.origin.arguments(index: "--default-index")
            let target = ["--quiet", "--python", python] + common
            let install = [uv, "pip", "install"] + target + origin + exact
            let create = [
                uv, "venv", "--quiet", "--no-project", "--python", key.interpreter.path, environment,
            ]
            if key.lines.isEmpty { return [Command(create)] }
            if !exact.isEmpty { return [Command(create), Command(install + ["-r", requirements])] }
            let lock = Self.lockFile(folder)
            let compile =
                [uv, "pip", "compile"] + target + origin
                + ["--format", "pylock.toml", "-o", lock, requirements]
            var lockCommand = Command(compile)
            if let limit = key.uploadedBefore {
                lockCommand = Command(
                    compile + ["--exclude-newer", Timestamp(limit).description],
                    otherwise: compile + ["--resolution", "lowest-direct"]
                )
            }
            return [Command(create), lockCommand, Command(install + ["--no-deps", "-r", lock])]
        case .pip:
            let create = [key.interpreter.path, "-m", "venv", "--without-pip", environment]
            if key.lines.isEmpty { return [Command(create)] }
            // pip of another environment, so that what it needs itself is not found by a build.
            let pip = "\(scratch)/boot/\(key.interpreter.siteDirectory)/pip"
            let install =
                [python, pip, "install", "--quiet", "--no-input", "--ignore-installed"] + common
                + key.origin.arguments(index: "--index-url") + exact
                + ["--report", Self.report(folder), "-r", requirements]
            let boot = [key.interpreter.path, "-m", "venv", scratch + "/boot"]
            return [Command(create), Command(boot), Command(install)]
        }
    }

    /// The command that compiles what was installed, where the installer does not: builds cannot keep what they
    /// compile, since they only read the environment.
    ///
    /// Not uv's own way, which starts the environment's python: that runs code that wheels leave for its start.
    func compilation(_ key: EnvironmentKey, in folder: String) -> [String]? {
        if self == .pip || key.lines.isEmpty { return nil }
        // Quiet, and never failing: packages have files that are not for this python.
        let program = "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, workers=0)"
        let site = "\(folder)/venv/\(key.interpreter.siteDirectory)"
        return [key.interpreter.path, "-I", "-S", "-c", program, site]
    }

    /// What the commands installed.
    ///
    /// - Returns: `nil` where that cannot be told.
    func resolved(_ key: EnvironmentKey, in folder: String) -> ResolvedEnvironment? {
        if case .exactly(let environment) = key.wish { return environment }
        if key.lines.isEmpty { return ResolvedEnvironment(python: key.interpreter.version, packages: []) }
        let packages: [ResolvedEnvironment.Package]?
        switch self {
        case .pip:
            packages = Self.reported(Self.report(folder))
        case .uv:
            let site = "\(folder)/venv/\(key.interpreter.siteDirectory)"
            packages = Self.locked(Self.lockFile(folder))?.installed(in: site)
        }
        return packages.map { ResolvedEnvironment(python: key.interpreter.version, packages: $0) }
    }

    /// Whether the index says of all that was locked when it was uploaded: without that, nothing fits any limit.
    func knowsUploadTimes(in folder: String) -> Bool {
        Self.locked(Self.lockFile(folder))?.haveUploadTimes == true
    }

    private static func lockFile(_ folder: String) -> String { folder + "/pylock.toml" }
    private static func report(_ folder: String) -> String { folder + "/report.json" }

    // MARK: pip

    /// The part of pip's report that is of use here.
    private struct Report: Decodable {
        struct Item: Decodable {
            struct Metadata: Decodable { let name, version: String }
            struct Download: Decodable { let archive_info: Archive }
            struct Archive: Decodable { let hashes: [String: String] }
            let metadata: Metadata
            let download_info: Download
        }
        let install: [Item]
    }

    private static func reported(_ path: String) -> [ResolvedEnvironment.Package]? {
        guard let bytes = try? File.read(path),
            let report = try? JSONDecoder().decode(Report.self, from: Data(bytes))
        else { return nil }
        let packages = report.install.compactMap { item in
            item.download_info.archive_info.hashes["sha256"].flatMap {
                ResolvedEnvironment.Package(item.metadata.name, item.metadata.version, sha256: $0)
            }
        }
        return packages.count == report.install.count ? packages : nil
    }

    // MARK: uv

    private static func locked(_ path: String) -> LockedWheels? {
        (try? File.read(path)).flatMap { LockedWheels(parsing: $0) }
    }
}

extension ResolvedEnvironment.Package {
    /// `nil` where a part could not stand in a requirements file.
    init?(_ name: String, _ version: String, sha256: String) {
        guard let project = ProjectName(name), Version(version) != nil, sha256.utf8.count == 64,
            sha256.allSatisfy({ $0.isHexDigit && !$0.isUppercase })
        else { return nil }
        self.init(name: project.normalized, version: version, sha256: sha256)
    }
}
