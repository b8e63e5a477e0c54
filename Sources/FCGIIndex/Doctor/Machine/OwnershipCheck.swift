internal import POSIX

/// Whether those who write cache and state may do so everywhere: a command that root ran leaves what they may not.
struct OwnershipCheck: MachineCheck {
    func findings(on machine: Machine) -> [Finding] {
        guard let user = machine.publisher else { return [] }
        let (cache, state) = (machine.configuration.cacheDirectory, machine.configuration.stateDirectory)
        var entries = CacheSample(cache: cache, trees: ["files"]).entries.filter(\.status.isDirectory)
        entries += CacheSample(cache: state, trees: Self.state).entries
        let closed = Self.closed(entries, to: user)
        guard let example = closed.first else {
            return [.ok("\(user.name), who publishes, may write cache and state.")]
        }
        return [
            .error(
                "\(user.name), who publishes, may not write \(closed.count) entries of cache and state, such as "
                    + "\(example.path), which is \(Permissions(example.status)).",
                fix:
                    "chown -R \(user.name) \(cache)/files \(state); and run commands that write as this user: "
                    + "runuser -u \(user.name) -- pyindex-fcgi build ..."
            )
        ]
    }

    /// What is written there by whoever publishes.
    private static let state = ["ledger.jsonl", "builds", "slots"]

    static func closed(_ entries: [CacheSample.Entry], to user: User) -> [CacheSample.Entry] {
        entries.filter { !user.may($0.status.isDirectory ? [.write, .enter] : .write, $0.status) }
    }
}
