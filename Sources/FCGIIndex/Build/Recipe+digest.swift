internal import Digest

extension Recipe {
    /// 64 hexadecimal digits over everything that may change the result, so not over limits, nor the values of
    /// secrets, which change by themselves.
    public var digest: String {
        // Counts, so that a list's end cannot be mistaken for an element of it.
        let parts =
            [checkout.rawValue, artifactsDirectory, "\(extraCheckoutPaths.count)"]
            + extraCheckoutPaths.sorted() + (command.map { ["\($0.count)"] + $0 } ?? ["default"])
            // What came later counts only where it is asked for, so that older identities stay.
            + (hasNetwork ? ["network"] : []) + (installsRequirements ? [] : ["no requirements"])
            + (makesRepository.map { [$0 ? "git" : "no git"] } ?? [])
            + (requirementsTime == .build ? [] : ["requirements of the \(requirementsTime.rawValue)"])
            + (environment.isEmpty ? [] : ["environment", "\(environment.count)"] + environment.forDigest)
            // Where the repositories lie says nothing: commits name what is in them.
            + (submodules.isEmpty ? [] : ["submodules", "\(submodules.count)"] + submodules.keys.sorted())
            + (archiving == .canonical ? [] : [archiving.rawValue])
            + (making == .build ? [] : [making.rawValue, "\(Self.staticFormat)"])
        return SHA256.hash(Array(parts.joined(separator: "\0").utf8)).description
    }
}
