// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A system library: a module map and a shim header, nothing else.
func system(_ name: String, _ pkgConfig: String? = nil, apt package: String? = nil) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: package.map { [.apt([$0])] })
}

let package = Package(
    name: "pyindex-fcgi",
    products: [
        .library(name: "FCGIIndex", targets: ["FCGIIndex"]),
        .library(name: "PythonPackaging", targets: ["PythonPackaging"]),
        .executable(name: "pyindex-fcgi", targets: ["pyindex-fcgi"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        system("CFastCGI", "fcgi", apt: "libfcgi-dev"),
        system("CLibGit2", "libgit2", apt: "libgit2-dev"),
        system("CLibArchive", "libarchive", apt: "libarchive-dev"),
        system("CLibCrypto", "libcrypto", apt: "libssl-dev"),
        system("CLibCurl", apt: "libcurl4-openssl-dev"),
        system("CLibXML2", "libxml-2.0", apt: "libxml2-dev"),
        system("CLinux"),

        .target(name: "PythonPackaging", swiftSettings: settings),
        .target(name: "Digest", dependencies: ["CLibCrypto"], swiftSettings: settings),
        .target(name: "POSIX", dependencies: ["CLinux"], swiftSettings: settings),
        .target(name: "Fetch", dependencies: ["CLibCurl", "POSIX"], swiftSettings: settings),
        .target(name: "FastCGI", dependencies: ["CFastCGI", "CLinux", "POSIX"], swiftSettings: settings),
        .target(name: "Git", dependencies: ["CLibGit2", "CLinux", "POSIX"], swiftSettings: settings),
        .target(name: "Archive", dependencies: ["CLibArchive", "Digest", "POSIX"], swiftSettings: settings),
        .target(name: "Markup", dependencies: ["CLibXML2"], swiftSettings: settings),
        .target(
            name: "FCGIIndex",
            dependencies: [
                "Archive", "Digest", "FastCGI", "Fetch", "Git", "Markup", "POSIX", "PythonPackaging",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "pyindex-fcgi",
            dependencies: [
                "FCGIIndex", "FastCGI", "Git", "POSIX", "PythonPackaging",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),

        .target(name: "Fixtures", dependencies: ["POSIX"], path: "Tests/Fixtures", swiftSettings: settings),
        .testTarget(name: "PythonPackagingTests", dependencies: ["PythonPackaging"], swiftSettings: settings),
        .testTarget(name: "POSIXTests", dependencies: ["POSIX"], swiftSettings: settings),
        .testTarget(name: "DigestTests", dependencies: ["Digest", "Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "FastCGITests",
            dependencies: ["FastCGI", "Fixtures", "POSIX"],
            swiftSettings: settings
        ),
        .testTarget(name: "GitTests", dependencies: ["Git", "POSIX"], swiftSettings: settings),
        .testTarget(
            name: "FetchTests",
            dependencies: ["Fetch", "Fixtures", "POSIX"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ArchiveTests",
            dependencies: ["Archive", "Digest", "Fixtures", "POSIX"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "FCGIIndexTests",
            dependencies: [
                "Archive", "CLinux", "Digest", "FCGIIndex", "FastCGI", "Fetch", "Fixtures", "Git", "POSIX",
                "PythonPackaging",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEnd",
            dependencies: ["Fixtures", "POSIX"],
            path: "Tests/EndToEnd",
            swiftSettings: settings
        ),
    ]
)
