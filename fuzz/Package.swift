// swift-tools-version: 6.2

import PackageDescription

/// Fuzzers of what reads bytes that a stranger chose, one executable each; `make fuzz` builds and runs them.
func fuzzer(_ name: String, _ products: String...) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["Fuzzing"] + products.map { .product(name: $0, package: "pyindex-fcgi") }
    )
}

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "pyindex-fcgi", path: "..")],
    targets: [
        .target(name: "Fuzzing"),
        fuzzer("FuzzAccept", "FCGIIndex"),
        fuzzer("FuzzFilename", "PythonPackaging"),
        fuzzer("FuzzMetadata", "PythonPackaging"),
        fuzzer("FuzzPage", "FCGIIndex", "PythonPackaging"),
        fuzzer("FuzzRoute", "FCGIIndex", "PythonPackaging"),
        fuzzer("FuzzVersion", "PythonPackaging"),
    ]
)
