extension Recipe {
    /// The recipe for the ledger and for provenance: what may change the result.
    var record: RecipeRecord {
        RecipeRecord(
            maker: making == .static ? .static : command == nil ? .backend : .command,
            command: command,
            artifactsDirectory: command == nil ? nil : artifactsDirectory,
            checkout: checkout.rawValue,
            extraCheckoutPaths: extraCheckoutPaths.isEmpty ? nil : extraCheckoutPaths.sorted(),
            submodules: submodules.isEmpty ? nil : submodules.keys.map(LogText.withoutCredentials).sorted(),
            environment: environment.isEmpty ? nil : environment.forRecord,
            network: hasNetwork,
            archive: archiving.rawValue
        )
    }
}
