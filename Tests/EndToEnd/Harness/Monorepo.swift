import Foundation
import Glibc
import POSIX

/// A git repository with packages and tags, made with git.
struct Monorepo {
    /// The working tree.
    let path: String
    private var environment: [String: String] {
        var environment = Child.environment
        environment["HOME"] = path
        for role in ["AUTHOR", "COMMITTER"] {
            environment["GIT_\(role)_NAME"] = "Test"
            environment["GIT_\(role)_EMAIL"] = "test@index.example"
            environment["GIT_\(role)_DATE"] = "1767225600 +0000"
        }
        return environment
    }

    /// Makes an empty repository.
    init(at path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try git("init", "--quiet", "--initial-branch=main")
    }

    /// Runs git in the repository, and returns what it prints.
    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let run = try Run(["git", "-C", path] + arguments, environment: environment)
        guard run.succeeded else { throw Failed(arguments: arguments, output: run.output) }
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    struct Failed: Error {
        let arguments: [String]
        let output: String
    }

    func write(_ file: String, _ content: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(file)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(content.utf8).write(to: url)
    }

    /// Commits everything.
    func commit(_ message: String = "A change") throws {
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "--message", message)
    }

    /// Releases a package that pip can install without a network, by the demo's build backend.
    func release(_ package: String, _ version: String, needs dependencies: [String] = []) throws {
        try writePackage(package, version, needs: dependencies)
        try commit("\(package) \(version)")
        try git("tag", "--force", "\(package)/v\(version)")
    }

    /// Writes such a package.
    ///
    /// - Parameter directory: where; `nil` for the directory of its name.
    func writePackage(
        _ package: String,
        _ version: String,
        needs dependencies: [String] = [],
        in directory: String? = nil
    ) throws {
        let directory = directory ?? package
        let module = package.replacingOccurrences(of: "-", with: "_")
        let needs = dependencies.map { "\"\($0)\"" }.joined(separator: ", ")
        try write(
            "\(directory)/pyproject.toml",
            """
            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]

            [project]
            name = "\(package)"
            version = "\(version)"
            description = "A test"
            requires-python = ">=3.9"
            dependencies = [\(needs)]

            """
        )
        try write(
            "\(directory)/backend.py",
            String(contentsOfFile: Places.package + "/demo/backend.py", encoding: .utf8)
        )
        try write("\(directory)/build.sh", "exec python3 backend.py\n")
        try write("\(directory)/src/\(module)/__init__.py", "VERSION = \"\(version)\"\n")
    }

    /// Releases a package whose build runs `script` before it leaves an sdist.
    func release(_ package: String, _ version: String, building script: String) throws {
        try write("\(package)/build.sh", script + "\n" + Self.ending)
        try commit("\(package) \(version)")
        try git("tag", "--force", "\(package)/v\(version)")
    }

    /// Makes an sdist of a PKG-INFO and of `content`, where the script wrote one.
    private static let ending = #"""
        set -eu
        name=$(basename "$PWD" | tr - _)
        stem=$name-$SETUPTOOLS_SCM_PRETEND_VERSION
        mkdir -p "dist/$stem"
        printf 'Metadata-Version: 2.2\nName: %s\nVersion: %s\n' "$name" "$SETUPTOOLS_SCM_PRETEND_VERSION" \
            > "dist/$stem/PKG-INFO"
        if [ -e content ]; then cp content "dist/$stem/"; fi
        tar -C dist -czf "dist/$stem.tar.gz" "$stem"
        """#
}
