internal import POSIX

/// Whether the web server's user may read what lies in the cache. The folders of sources, `check` has looked at.
struct CacheReadingCheck: MachineCheck {
    func findings(on machine: Machine) -> [Finding] {
        let cache = machine.configuration.cacheDirectory
        // Above the cache, `check` names what is in the way.
        guard let user = machine.webServer, (try? user.obstacle(to: cache + "/files/x")) == .some(nil) else {
            return []
        }
        let sample = CacheSample(cache: cache, trees: ["files", "pages"])
        let hidden = Self.hidden(sample.entries, from: user)
        guard let example = hidden.first else {
            return [.ok("The web server's user \(user.name) may read what lies in the cache.")]
        }
        let group = machine.configuration.fileGroup ?? user.groupName
        return [
            .error(
                "The web server's user \(user.name) cannot read \(hidden.count) entries of the cache, such as "
                    + "\(example.path), which is \(Permissions(example.status)).",
                fix:
                    "chgrp -R \(group) \(cache)/files \(cache)/pages && chmod -R g+rX \(cache)/files \(cache)/pages"
            )
        ]
    }

    /// The files that `user` may not read, and the directories that it may not enter.
    static func hidden(_ entries: [CacheSample.Entry], from user: User) -> [CacheSample.Entry] {
        entries.filter { !user.may($0.status.isDirectory ? .enter : .read, $0.status) }
    }
}
