import POSIX
import Testing

@testable import FCGIIndex

@Suite("Place of the configuration")
struct FindConfigurationTests {
    /// Runs `body` with a directory of its own.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = "/tmp/configuration-\(Temporary.suffix())"
        try Directory.create(directory)
        defer { try? Directory.remove(directory) }
        try body(directory)
    }

    @Test("The first place that is set or exists is taken")
    func order() throws {
        try withDirectory { directory in
            let system = directory + "/etc.toml"
            try Directory.create(directory + "/.config/pyindex")
            try Directory.create(directory + "/xdg/pyindex")
            let home = directory + "/.config/pyindex/config.toml"
            let xdg = directory + "/xdg/pyindex/config.toml"
            for path in [home, xdg] { try File.replace(path, with: []) }
            func find(_ explicit: String?, _ environment: [String: String]) throws -> String {
                try Configuration.find(explicit: explicit, environment: environment, systemPath: system)
            }
            #expect(try find(nil, ["HOME": directory]) == home)
            #expect(try find(nil, ["HOME": directory, "XDG_CONFIG_HOME": directory + "/xdg"]) == xdg)
            #expect(try find(nil, ["HOME": directory, "XDG_CONFIG_HOME": "relative"]) == home)
            try File.replace(system, with: [])
            #expect(try find(nil, ["HOME": directory]) == system)
            #expect(try find(nil, ["HOME": directory, "PYINDEX_CONFIG": ""]) == system)
            #expect(try find(nil, ["HOME": directory, "PYINDEX_CONFIG": xdg]) == xdg)
            #expect(try find("mine.toml", ["HOME": directory, "PYINDEX_CONFIG": xdg]) == "mine.toml")
        }
    }

    @Test("Where nothing is found, the places and the remedy are named")
    func nowhere() {
        let none = { (environment: [String: String]) -> String in
            do throws(ConfigurationError) {
                return try Configuration.find(
                    explicit: nil,
                    environment: environment,
                    systemPath: "/no/etc.toml"
                )
            } catch { return error.description }
        }
        #expect(
            none(["HOME": "/no/home"])
                == "No configuration: looked for /no/etc.toml and /no/home/.config/pyindex/config.toml. Make one with "
                + "\"pyindex-fcgi configure\", or name one by --config or $PYINDEX_CONFIG."
        )
        #expect(none([:]).hasPrefix("No configuration: looked for /no/etc.toml. Make one"))
        #expect(
            none(["PYINDEX_CONFIG": "/no/x.toml"]) == "/no/x.toml: does not exist; $PYINDEX_CONFIG names it."
        )
    }

    @Test("A file that is not there is named with the reason")
    func unreadable() {
        let reason = "cannot be read: No such file or directory (open)."
        #expect(throws: ConfigurationError([.init(file: "/no/x.toml", message: reason)])) {
            try Configuration(contentsOf: "/no/x.toml")
        }
    }

    @Test("A file's own directory is where its relative paths start")
    func relative() throws {
        try withDirectory { directory in
            let path = directory + "/c.toml"
            try File.replace(path, with: Array(("cache = \"c\"\nstate = \"./s/\"\n" + smallest).utf8))
            let read = try Configuration(contentsOf: path)
            #expect(read.path == path)
            #expect(read.cacheDirectory == directory + "/c")
            #expect(read.stateDirectory == directory + "/s")
        }
    }
}
