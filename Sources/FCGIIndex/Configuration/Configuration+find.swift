internal import POSIX

extension Configuration {
    /// The file that `configure` makes and every command reads unless told otherwise.
    public static let systemPath = "/etc/pyindex/config.toml"

    /// Where the configuration is: `explicit`, else `$PYINDEX_CONFIG`, else the first that exists of
    /// `/etc/pyindex/config.toml` and `pyindex/config.toml` in the user's configuration directory
    /// (`$XDG_CONFIG_HOME`, else `~/.config`; XDG Base Directory Specification).
    ///
    /// - Throws: where none was found, the places looked at.
    public static func find(
        explicit: String?,
        environment: [String: String]
    ) throws(ConfigurationError) -> String {
        try find(explicit: explicit, environment: environment, systemPath: systemPath)
    }

    /// The same, with the system's file elsewhere.
    static func find(
        explicit: String?,
        environment: [String: String],
        systemPath: String
    ) throws(ConfigurationError) -> String {
        if let explicit { return explicit }
        if let named = environment["PYINDEX_CONFIG"], !named.isEmpty {
            if File.exists(named) { return named }
            throw ConfigurationError([
                .init(file: named, message: "does not exist; $PYINDEX_CONFIG names it.")
            ])
        }
        let places = [systemPath] + userPath(environment)
        if let found = places.first(where: File.exists) { return found }
        throw ConfigurationError([
            .init(
                file: "",
                message: "No configuration: looked for \(places.joined(separator: " and ")). Make one with "
                    + "\"pyindex-fcgi configure\", or name one by --config or $PYINDEX_CONFIG."
            )
        ])
    }

    /// The user's own file; none where the process has no home.
    private static func userPath(_ environment: [String: String]) -> [String] {
        // A relative value is to be ignored.
        if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
            return ["\(base)/pyindex/config.toml"]
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return [] }
        return ["\(home)/.config/pyindex/config.toml"]
    }
}
