extension ConfigurationKey {
    /// Every key there is, in the order of the manual.
    public static let all: [ConfigurationKey] =
        [
            listen, socketMode, socketGroup, threads, basePath,
            publicURL, sendFile, listingCacheControl, fileCacheControl, cache, cacheLimit, cacheKeep, state,
            fileGroup, yanks, accessGroups, realm, directFiles, logFormat, logLevel,
            slots, queue, hold, sandbox, builder, index, wheelhouse, memoryLimit, processLimit, diskLimit,
            provenanceKey, provenanceCertificate, provenanceBuilder,
            sourceName, sourceType, minimumAge, minimumAgeSince, minimumAgeExcept,
            repository, repositoryURL, packages, tags, layout, making, checkout, extraCheckoutPaths,
            submodules,
            buildCommand,
            artifactsDirectory,
            buildTimeout, buildRequirements, requirementsAsOf, network, git, archive, environment,
            sourceMemoryLimit, sourceProcessLimit, sourceDiskLimit,
            retag, trustOwner, list, prebuild,
            folder, folderPackages,
            fileList, packagesURL, listedPackages,
            url, mode, maxAge, hosts, netrc, username, passwordFile, passwordVariable, caFile,
            owners, passThrough, tokenFile, tokenVariable, lookup, repositories, prereleases,
            releasedPackages,
            githubMode, githubMaxAge, githubHosts, githubCAFile, apiURL, graphQLURL,
            renamePattern, renameReplacement,
            ruleProjects, ruleVersions, ruleTypes, ruleFiles,
            groupName, groupMembers, merge, shared,
            mount, indexSources, indexShared,
            pattern, package, directory,
            recipePackages,
        ] + ofPolicies.map(\.inGroup) + ofRecipes.map(\.inRecipe) + [
            accessProjects, accessUsers, accessGroupNames, accessEverybody, accessAction,
        ]

    /// The keys of `table`, in the order of the manual.
    public static func keys(of table: Table) -> [ConfigurationKey] {
        table.neighbours.filter { $0.table == table }
    }
}
