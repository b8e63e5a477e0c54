import Foundation

extension Clients {
    /// Has a client install a requirement from a site, into an environment of its own.
    ///
    /// - Parameter client: pip, uv or poetry.
    static func install(
        _ requirement: String,
        by client: String,
        from site: Site
    ) throws -> (run: Run, environment: String) {
        if client == "poetry" {
            return try poetryInstall(
                requirement,
                index: site.index,
                in: "\(site.directory)/poetry-\(UUID().uuidString.prefix(8))",
                limit: .seconds(240)
            )
        }
        let environment = try makeEnvironment(in: site.directory)
        let run =
            client == "uv"
            ? try uv("install", requirement, index: site.index, into: environment)
            : try pip("install", requirement, index: site.index, into: environment)
        return (run, environment)
    }

    /// What is installed in an environment, in alphabetical order, but for pip, which poetry puts there.
    static func installed(in environment: String) throws -> String {
        let code = """
            import importlib.metadata as m, re
            name = lambda d: re.sub('[-_.]+', '-', d.name).lower()
            print(*sorted(name(d) + '==' + d.version for d in m.distributions() if name(d) != 'pip'), end='')
            """
        return try Run([environment + "/bin/python", "-c", code]).output
    }
}
