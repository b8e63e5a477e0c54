internal import Glibc
internal import POSIX

/// The index that another tool of this machine would use.
public struct UpstreamIndex: Hashable, Sendable {
    /// The index's root, ending in a slash, without user name or password.
    public let url: String
    /// What said so, such as `pip's setting global.index-url`.
    public let origin: String

    /// Asks pip: its configuration, in pip's own order (environment, the section of `install`, the global
    /// one), else the value built into the installed pip. Starts Python two times at most, and blocks
    /// meanwhile. No network.
    ///
    /// - Parameters:
    ///   - environment: pip's own; its variables are part of its configuration.
    ///   - python: the interpreter, looked up on `PATH`.
    public static func ofPip(
        environment: [String: String],
        python: String = "python3"
    ) throws(UpstreamIndexError) -> UpstreamIndex {
        guard
            let interpreter = Program.find(python, in: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
        else {
            throw UpstreamIndexError(
                "\(python) was not found, so pip cannot be asked. Name the index by its URL."
            )
        }
        let settings = try settings(output(of: [interpreter, "-m", "pip", "config", "list"], environment))
        if let setting = effective("no-index", settings), isTrue(setting.value) {
            throw UpstreamIndexError(
                "pip's setting \(setting.name) forbids every index. Name the index by its URL, or use none."
            )
        }
        if let setting = effective("index-url", settings) {
            return try UpstreamIndex(setting.value, origin: "pip's setting \(setting.name)")
        }
        let question = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
        let answer = try output(of: [interpreter, "-c", question], environment)
        let url = answer.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        return try UpstreamIndex(url, origin: "the value built into pip")
    }

    private init(_ text: String, origin: String) throws(UpstreamIndexError) {
        do throws(ValueProblem) {
            url = try IndexURL(text).text
        } catch { throw UpstreamIndexError("The URL from \(origin) \(error.message)") }
        self.origin = origin
    }

    // MARK: pip's settings

    /// The lines `section.name='value'` of `pip config list`.
    private static func settings(_ listing: String) -> [String: String] {
        var settings: [String: String] = [:]
        for line in listing.split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            // Python's notation of a string; a URL needs no escapes in it.
            let quoted = line[line.index(after: equals)...]
            guard let quote = quoted.first, quote == "'" || quote == "\"", quoted.count >= 2,
                quoted.last == quote
            else { continue }
            settings[String(line[..<equals])] = String(quoted.dropFirst().dropLast())
        }
        return settings
    }

    private static func effective(_ name: String, _ settings: [String: String]) -> (
        name: String, value: String
    )? {
        for section in [":env:", "install", "global"] {
            // pip passes over empty ones.
            if let value = settings["\(section).\(name)"], !value.isEmpty {
                return (section == ":env:" ? environmentName(name) : "\(section).\(name)", value)
            }
        }
        return nil
    }

    private static func environmentName(_ name: String) -> String {
        "PIP_" + name.uppercased().replacing("-", with: "_")
    }

    private static func isTrue(_ text: String) -> Bool {
        ["1", "true", "yes", "on", "y", "t"].contains(text.lowercased())
    }

    // MARK: Asking

    /// What a program writes to its standard output; its errors go to ours.
    private static func output(
        of arguments: [String],
        _ environment: [String: String]
    ) throws(UpstreamIndexError) -> String {
        // Python looks for modules where it is started: nobody else's directory may be that.
        var program = Program(arguments, environment: environment, directory: "/")
        program.error = 2
        do throws(SystemError) {
            var ends: [Int32] = [-1, -1]
            if pipe(&ends) != 0 { throw SystemError("pipe") }
            let reader = Descriptor(owning: ends[0])
            let child = try start(program, writingTo: Descriptor(owning: ends[1]))
            let bytes = try reader.readAll()
            if try Termination(waitingFor: child) == .exited(0) {
                return String(decoding: bytes, as: UTF8.self)
            }
        } catch { throw UpstreamIndexError("pip cannot be asked: \(error).") }
        throw UpstreamIndexError("\(arguments[0]) has no pip that answers. Name the index by its URL.")
    }

    /// Closes the writing end here, so that the reader meets the end when the program does.
    private static func start(
        _ program: Program,
        writingTo end: consuming Descriptor
    ) throws(SystemError) -> Int32 {
        var program = program
        program.output = end.number
        let child = try program.start()
        _ = consume end
        return child
    }
}

/// Why no index could be found out, in one line with the remedy.
public struct UpstreamIndexError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line: what is missing or wrong, and the remedy.
    public let description: String

    init(_ description: String) { self.description = description }
}
