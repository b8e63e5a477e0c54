internal import POSIX

/// Whether the directories between which files are renamed lie on one file system.
struct OneFileSystemCheck: MachineCheck {
    func findings(on machine: Machine) -> [Finding] {
        let cache = machine.configuration.cacheDirectory
        let devices = ["tmp", "files"].compactMap { try? FileStatus(path: "\(cache)/\($0)").device }
        if Set(devices).count < 2 { return [] }
        return [
            .error(
                "\(cache)/tmp and \(cache)/files lie on different file systems, so nothing can be published.",
                fix: "mount one file system at \(cache), not below it"
            )
        ]
    }
}
