/// Who may read what, and whether that can be got around.
extension Checkup {
    func readers() -> [Finding] {
        var findings: [Finding] = []
        let rules = configuration.accessRules
        if rules.isEmpty {
            if let path = configuration.accessGroupsFile {
                findings.append(
                    .warning("access-groups: \(path) has no effect, since there is no [[access]].")
                )
            }
            return findings
        }
        findings.append(
            .ok("access: rules: \(rules.count). Who asks is what the web server says by REMOTE_USER.")
        )
        return findings + groups(of: rules) + claims()
    }

    private func groups(of rules: [AccessRule]) -> [Finding] {
        let named = rules.reduce(into: Set<String>()) { named, rule in
            if case .some(_, let groups) = rule.readers { named.formUnion(groups) }
        }
        guard let path = configuration.accessGroupsFile else {
            if named.isEmpty { return [] }
            return [.ok("access: who is in a group is what the web server says by PYINDEX_GROUPS.")]
        }
        let members: GroupMembers
        do throws(ConfigurationError) {
            members = try GroupMembers(contentsOf: path)
        } catch { return error.issues.map { .error($0.description) } }
        let unknown = named.subtracting(members.users.keys).sorted()
        return [.ok("access-groups: \(path) can be read; groups: \(members.users.count).")]
            + unknown.map {
                .warning(
                    "access-groups: \(path) has no group \"\($0)\"; the web server must name its members."
                )
            }
    }

    /// Whoever can connect can say who they are.
    private func claims() -> [Finding] {
        switch configuration.listen {
        case .tcp(let host, let port):
            [
                .warning(
                    "access: every user of this machine can connect to \(host):\(port) and claim to be anybody. Listen on a "
                        + "Unix socket."
                )
            ]
        case .unix(let path) where configuration.socketMode & 0o002 != 0:
            [
                .warning(
                    "access: every user of this machine can connect to \(path) and claim to be anybody. Set socket-mode to "
                        + "\"0660\", and socket-group."
                )
            ]
        case .unix, .inherited: []
        }
    }
}
