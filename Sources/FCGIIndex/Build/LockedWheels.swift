internal import POSIX
internal import PythonPackaging
internal import TOMLKit

/// The wheels that a lock file names (PEP 751): for each package those of all platforms.
struct LockedWheels: Hashable, Sendable {
    private struct Wheel: Hashable, Sendable {
        let name: WheelFilename
        let sha256: String
        let hasUploadTime: Bool
    }

    private let wheels: [Wheel]

    /// Whether the lock file says of every wheel when the index got it.
    var haveUploadTimes: Bool { wheels.allSatisfy(\.hasUploadTime) }

    /// Reads a `pylock.toml`; `nil` where it is none.
    init?(parsing bytes: [UInt8]) {
        guard let document = try? TOMLTable(string: String(decoding: bytes, as: UTF8.self)),
            let packages = document["packages"]?.array
        else { return nil }
        wheels = packages.compactMap(\.table).flatMap { package in
            (package["wheels"]?.array.map { Array($0) } ?? []).compactMap(\.table).compactMap { wheel in
                let place = wheel["name"]?.string ?? wheel["url"]?.string ?? wheel["path"]?.string
                guard let place, let name = WheelFilename(Self.file(place)),
                    let sha256 = wheel["hashes"]?.table?["sha256"]?.string
                else { return nil }
                return Wheel(name: name, sha256: sha256, hasUploadTime: wheel["upload-time"] != nil)
            }
        }
    }

    /// The packages that are installed in `site`, each with the wheel that it came from; `nil` where one came from
    /// none of these.
    func installed(in site: String) -> [ResolvedEnvironment.Package]? {
        let suffix = ".dist-info"
        let names = ((try? Directory.entries(site)) ?? []).filter { $0.hasSuffix(suffix) }
        let packages = names.compactMap { name -> ResolvedEnvironment.Package? in
            let parts = name.dropLast(suffix.count).split(separator: "-")
            guard parts.count == 2, let project = ProjectName(String(parts[0])),
                let version = Version(String(parts[1])),
                let bytes = try? File.read("\(site)/\(name)/WHEEL")
            else { return nil }
            let tags = Self.tags(bytes)
            let candidates = wheels.filter { $0.name.project == project && $0.name.version == version }
            let wheel = candidates.first { Self.tags(of: $0.name) == tags } ?? candidates.only
            return wheel.flatMap { .init(project.normalized, String(parts[1]), sha256: $0.sha256) }
        }
        return packages.count == names.count ? packages : nil
    }

    /// The last part of a URL or path; a local version's plus sign is written as it is.
    private static func file(_ place: String) -> String {
        (place.split(separator: "/").last.map(String.init) ?? place).split(separator: "%2B").joined(
            separator: "+"
        )
    }

    private static func tags(_ file: [UInt8]) -> Set<String> {
        let lines = String(decoding: file, as: UTF8.self).split(whereSeparator: \.isNewline)
        return Set(lines.filter { $0.hasPrefix("Tag: ") }.map { $0.dropFirst(5).lowercased() })
    }

    private static func tags(of name: WheelFilename) -> Set<String> {
        Set(
            name.pythonTags.flatMap { python in
                name.abiTags.flatMap { abi in
                    name.platformTags.map { "\(python)-\(abi)-\($0)".lowercased() }
                }
            }
        )
    }
}

extension Array {
    /// The element, where there is just one.
    fileprivate var only: Element? { count == 1 ? first : nil }
}
