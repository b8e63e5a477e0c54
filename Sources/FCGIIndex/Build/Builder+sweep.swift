public import POSIX

extension Builder {
    /// Ends the processes and removes the work directories of builds whose own process was killed, so that
    /// they need not wait for the next build of the same file. Builds that run, in any process, are left alone.
    ///
    /// Blocks for as long as removing takes; for the start of a responder.
    /// - Returns: the names of the directories that were removed.
    @discardableResult
    public func sweep() throws(SystemError) -> [String] {
        var removed: [String] = []
        for name in try Directory.entries(store.temporaryDirectory) {
            let parts = name.split(separator: "-")
            guard parts.count == 3, parts[0] == "build", let identity = Identity(parts[1]) else { continue }
            let record = BuildRecord(stateDirectory: configuration.stateDirectory, identity: identity)
            try record.prepare()
            let path = "\(store.temporaryDirectory)/\(name)"
            // Who holds the lock is the only one who may have a directory of this identity.
            let failure = try FileLock.attempt(record.lockPath) { lock -> SystemError? in
                cleanUp(after: lock)
                do throws(SystemError) { try Directory.remove(path) } catch { return error }
                return nil
            }
            guard let failure else { continue }
            if let failure { throw failure }
            removed.append(name)
        }
        try sweepRebuilds()
        return removed + (try store.sweepMetadata())
    }

    /// Removes work directories of `identity`, whose lock this process holds and which it does not build yet.
    func removeLeftovers(of identity: Identity) throws(SystemError) {
        for name in try Directory.entries(store.temporaryDirectory) where name.hasPrefix("build-\(identity)-")
        {
            try Directory.remove("\(store.temporaryDirectory)/\(name)")
        }
    }
}
