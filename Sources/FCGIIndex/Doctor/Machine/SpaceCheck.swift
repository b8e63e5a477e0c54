internal import POSIX

/// Whether cache and state have room.
struct SpaceCheck: MachineCheck {
    /// Below this a build soon fails, in bytes.
    private static let least: UInt64 = 256 << 20
    /// Below this a warning, in bytes.
    private static let little: UInt64 = 2 << 30

    func findings(on machine: Machine) -> [Finding] {
        let configuration = machine.configuration
        return [("cache", configuration.cacheDirectory), ("state", configuration.stateDirectory)].compactMap {
            key,
            path in
            (try? FileSystemSpace(at: path)).map { Self.finding(key, path, $0) }
        }
    }

    static func finding(_ key: String, _ path: String, _ space: FileSystemSpace) -> Finding {
        let left = "\(key): \(path) has \(space.freeBytes >> 20) MiB left of \(space.bytes >> 20)"
        let fix = "make room, or set `cache-limit` so that old files go by themselves"
        if space.freeBytes < least { return .error("\(left), so builds fail.", fix: fix) }
        if space.files > 0 && space.freeFiles < 1000 {
            return .error("\(left), but room for \(space.freeFiles) files only (inodes).", fix: fix)
        }
        if space.freeBytes < little { return .warning("\(left).", fix: fix) }
        if space.files > 0 && space.freeFiles < space.files / 100 {
            return .warning("\(left), but room for \(space.freeFiles) files only (inodes).", fix: fix)
        }
        return .ok("\(left).")
    }
}
