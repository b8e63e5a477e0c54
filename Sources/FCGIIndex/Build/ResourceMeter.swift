internal import Glibc
internal import POSIX

/// Watches what all processes of one build use together, which no limit of the kernel's covers without a control
/// group of the build's own.
struct ResourceMeter {
    /// What there was too much of.
    enum Excess: Hashable, Sendable {
        case memory, processes, disk
    }

    private let limits: ResourceLimits
    private let leader: Int32
    private let directory: String
    // Not at once: most builds are over before there is anything to see.
    private var nextLook = ContinuousClock.now + .milliseconds(100)
    private var nextWalk = ContinuousClock.now + .milliseconds(300)

    /// - Parameters:
    ///   - leader: the build's first process.
    ///   - directory: all that it can write.
    init(_ limits: ResourceLimits, leader: Int32, directory: String) {
        self.limits = limits
        self.leader = leader
        self.directory = directory
    }

    /// What is exceeded at this moment; looks five times a second at processes, and at the disk as often as costs a
    /// twentieth of the time.
    mutating func excess() -> Excess? {
        let now = ContinuousClock.now
        if now >= nextLook {
            nextLook = now + .milliseconds(200)
            let members = ProcessTable().withDescendants([leader])
            if members.count > limits.processes { return .processes }
            if Self.memory(members) > limits.memory { return .memory }
        }
        if now >= nextWalk {
            let used = DirectorySize.of(directory, limit: limits.disk)
            let end = ContinuousClock.now
            nextWalk = end + max(.milliseconds(500), (end - now) * 20)
            if used > limits.disk { return .disk }
        }
        return nil
    }

    /// Resident bytes; what processes share counts for each.
    private static func memory(_ members: Set<Int32>) -> Int64 {
        let page = Int64(sysconf(Int32(_SC_PAGESIZE)))
        return members.reduce(0) { sum, id in
            guard let bytes = try? File.read("/proc/\(id)/statm") else { return sum }
            let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
            return sum + (fields.count > 1 ? Int64(fields[1]) ?? 0 : 0) * page
        }
    }
}
