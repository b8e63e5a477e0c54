internal import POSIX

/// Whether the clock was set back, or is behind what it has stamped.
struct ClockCheck: MachineCheck {
    /// What clocks of several machines may differ by, in seconds.
    private static let tolerance: Int64 = 300

    func findings(on machine: Machine) -> [Finding] {
        let entries =
            CacheSample(cache: machine.configuration.cacheDirectory, trees: ["files"]).entries
            + CacheSample(cache: machine.configuration.stateDirectory, trees: ["ledger.jsonl"]).entries
        let built = entries.filter(\.status.isRegularFile)
        return [
            Self.finding(
                now: WallClock.now / 1_000_000_000,
                stamped: entries.map(\.status.changed).max().map { $0 / 1_000_000_000 },
                committed: built.map(\.status.modified).max().map { $0 / 1_000_000_000 }
            )
        ]
    }

    /// - Parameters:
    ///   - now: seconds since 1970, as all of these.
    ///   - stamped: when the kernel last changed a file of cache or state.
    ///   - committed: the newest commit of what was built, or the last line of the ledger.
    static func finding(now: Int64, stamped: Int64?, committed: Int64?) -> Finding {
        let fix =
            "timedatectl set-ntp true; then look whether timedatectl says \"System clock synchronized: yes\""
        if let stamped, stamped > now + 2 {
            return .error("The clock is \(stamped - now) s behind a file that was written here.", fix: fix)
        }
        if let committed, committed > now + tolerance {
            return .warning(
                "The clock is \(committed - now) s behind the newest commit that was built: one of the two machines "
                    + "has the wrong time.",
                fix: fix
            )
        }
        return .ok("The clock is not behind what was built.")
    }
}
