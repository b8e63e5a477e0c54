internal import Logging
internal import PythonPackaging

/// Who may read which projects.
///
/// The first rule that names a project decides about it, and no later one is asked. A project that no rule names is
/// everybody's.
public struct Access: Sendable {
    /// What is to be done with a request for something of a project.
    enum Verdict: Hashable {
        case allowed
        /// Somebody might be; this one did not say who they are.
        case unauthenticated
        case forbidden
    }

    private let rules: [AccessRule]
    private let groups: FollowedFile<GroupMembers>?
    /// What 401 says credentials are for.
    let realm: String

    /// Reads the file of groups, where there is one. Blocks.
    ///
    /// - Parameter logger: told of later changes of it, and of what is wrong with them.
    /// - Throws: everything that is wrong with that file.
    init(
        _ rules: [AccessRule],
        groupsFile: String?,
        realm: String,
        logger: Logger
    ) throws(ConfigurationError) {
        self.rules = rules
        self.realm = realm
        guard let path = groupsFile else {
            groups = nil
            return
        }
        groups = try FollowedFile(
            path: path,
            subject: "groups",
            logger: logger,
            parse: { (bytes: [UInt8]?) throws(ConfigurationError) in
                try GroupMembers(parsing: bytes, file: path)
            },
            onChange: { logger.notice("Took over \(path); groups: \($0.users.count).") }
        )
    }

    /// Whether nothing is kept from anybody, so that nobody needs to know who asks.
    var isUnrestricted: Bool { rules.isEmpty }

    /// Whether everybody may read `name`, also who says no name.
    func isOpen(_ name: ProjectName) -> Bool {
        guard let rule = rules.first(where: { $0.matches(name) }) else { return true }
        return rule.readers == .everybody
    }

    /// Whether `caller` may read what there is of `name`, whether or not there is anything. One system call at most, unless
    /// the file of groups changed.
    func verdict(on name: ProjectName, for caller: Caller) -> Verdict {
        guard let rule = rules.first(where: { $0.matches(name) }) else { return .allowed }
        return verdict(of: rule, for: caller)
    }

    /// Whether `caller` may see what there is to see of many projects: the part that they may read. Who said no name is
    /// asked for it where a rule for all other projects wants one.
    func verdictOnLists(for caller: Caller) -> Verdict {
        guard caller.user == nil, let rule = rules.first(where: { $0.projects.contains(where: \.isAll) })
        else {
            return .allowed
        }
        return verdict(of: rule, for: caller)
    }

    /// What `caller` may read.
    func readable(by caller: Caller) -> Readable {
        Readable(allowances: rules.map { verdict(of: $0, for: caller) == .allowed })
    }

    /// Whether `name` is part of `readable`, which was made here.
    func holds(_ readable: Readable, _ name: ProjectName) -> Bool {
        guard let index = rules.firstIndex(where: { $0.matches(name) }) else { return true }
        return readable.allowances[index]
    }

    private func verdict(of rule: AccessRule, for caller: Caller) -> Verdict {
        if rule.readers == .everybody { return .allowed }
        guard let user = caller.user else { return .unauthenticated }
        guard case .some(let users, let wanted) = rule.readers else { return .allowed }
        if users.contains(user) || !wanted.isDisjoint(with: caller.groups) { return .allowed }
        if wanted.isEmpty { return .forbidden }
        return groups?.current.holds(user, in: wanted) == true ? .allowed : .forbidden
    }
}

/// Which projects somebody may read: the same for all who are let in by the same rules, so that one list of projects
/// serves them all.
struct Readable: Hashable, Sendable {
    /// For each rule whether it lets them read what it decides about.
    fileprivate let allowances: [Bool]
}

extension Configuration {
    /// Who may read what, the file of groups read. Blocks.
    ///
    /// - Parameter logger: told of later changes of that file.
    /// - Throws: everything that is wrong with it.
    func access(logger: Logger) throws(ConfigurationError) -> Access {
        try Access(accessRules, groupsFile: accessGroupsFile, realm: realm, logger: logger)
    }
}
