/// The keys of `[build]`.
extension ConfigurationKey {
    static let slots = ConfigurationKey(
        .build,
        "slots",
        .integer(1...256),
        default: .integer(2),
        "Builds that run at once on this machine."
    )
    static let queue = ConfigurationKey(
        .build,
        "queue",
        .integer(0...65536),
        default: .integer(1024),
        "Builds that may wait for a slot; past it a request is told to come back later (503)."
    )
    static let hold = ConfigurationKey(
        .build,
        "hold",
        .seconds(0.1...10),
        default: .integer(9),
        "Seconds a request waits for its build before it is sent round again; many clients give up after 15."
    )
    static let sandbox = ConfigurationKey(
        .build,
        "sandbox",
        .choice(SandboxMode.allCases.map(\.rawValue)),
        default: .string("required"),
        "Whether builds are confined by bubblewrap (required), or may do whatever this user may (none)."
    )
    static let builder = ConfigurationKey(
        .build,
        "builder",
        .path,
        example: .string("/run/pyindex/builder.sock"),
        "Socket of the builder, which runs builds as a user of its own; without it, the responder runs them."
    )
    static let index = ConfigurationKey(
        .build,
        "index",
        .text("an http:// or https:// URL"),
        example: .string("https://index.example/simple/"),
        "The index that what builds require is installed from; without it, the one that uv and pip are set to."
    )
    static let wheelhouse = ConfigurationKey(
        .build,
        "wheelhouse",
        .path,
        example: .string("/srv/wheels"),
        "A directory of wheels that what builds require is installed from, without a network."
    )
    static let memoryLimit = ConfigurationKey(
        .build,
        "memory-limit",
        .integer(64...1_048_576),
        default: .integer(4096),
        "MiB of memory that one build may use."
    )
    static let processLimit = ConfigurationKey(
        .build,
        "process-limit",
        .integer(8...65536),
        default: .integer(512),
        "Processes that one build may run at once."
    )
    static let diskLimit = ConfigurationKey(
        .build,
        "disk-limit",
        .integer(1...1_048_576),
        default: .integer(4096),
        "MiB that one build may write."
    )
}
