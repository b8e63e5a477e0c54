internal import CLinux
internal import Glibc

extension User {
    /// Runs `body` with all the rights of this user and no others, `HOME` being its own, and takes root's back
    /// afterwards: what a program looks for at home, this user has to be able to read.
    ///
    /// For root alone, and while no other thread does anything: a process has one identity.
    ///
    /// - Throws: where this process is not root; then `body` did not run.
    public func acting<Value>(_ body: () -> Value) throws(SystemError) -> Value {
        let before = try Self.currentGroups()
        let group = groups.first ?? gid_t.max
        try check("setgroups") { setgroups(groups.count, groups) }
        defer {
            // Root's number stays the saved one, so none of these is refused.
            _ = setresuid(0, 0, 0)
            _ = setresgid(0, 0, 0)
            _ = setgroups(before.count, before)
        }
        try check("setresgid") { setresgid(group, group, 0) }
        try check("setresuid") { setresuid(id, id, 0) }
        let home = processEnvironment()["HOME"]
        setenv("HOME", getpwuid(id).map { String(cString: $0.pointee.pw_dir) } ?? "/", 1)
        defer { if let home { setenv("HOME", home, 1) } else { unsetenv("HOME") } }
        return body()
    }

    private static func currentGroups() throws(SystemError) -> [gid_t] {
        let count = try check("getgroups") { getgroups(0, nil) }
        var groups = [gid_t](repeating: 0, count: Int(count))
        try check("getgroups") { getgroups(count, &groups) }
        return groups
    }
}
