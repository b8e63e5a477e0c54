internal import FoundationEssentials
internal import PythonPackaging

/// What the ledger knows of a published file, as an in-toto statement with SLSA provenance (both of version 1).
///
/// It is made of the file's line in the ledger alone, so that it survives the loss of the cache and of the repository.
/// By itself it is a claim without a signature.
public struct Statement: Sendable {
    /// What a statement is served as.
    public static let mediaType = "application/vnd.in-toto+json"
    /// What the parameters below mean: see docs/provenance.md.
    static let buildType = "urn:pyindex-fcgi:sdist:1"
    /// Who built, where nobody says it better: the program, by the version beside it.
    static let builder = "urn:pyindex-fcgi:builder"

    let document: Document

    /// States what `entry` says.
    ///
    /// - Parameter builder: a URI of who built it; `nil` for this program, wherever it runs.
    public init(_ entry: LedgerEntry, builder: String? = nil) {
        document = Document(entry, builder: builder)
    }

    /// The statement as JSON with sorted keys: equal statements are equal bytes.
    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, numbers and truth values; encoding them cannot fail.
        return (try? encoder.encode(document)).map(Array.init) ?? []
    }
}

extension Statement {
    struct Document: Encodable {
        let type = "https://in-toto.io/Statement/v1"
        let subject: [Subject]
        let predicateType = "https://slsa.dev/provenance/v1"
        let predicate: Predicate

        enum CodingKeys: String, CodingKey {
            case type = "_type"
            case subject, predicateType, predicate
        }

        init(_ entry: LedgerEntry, builder: String?) {
            subject = [Subject(name: entry.file, digest: ["sha256": entry.sha256])]
            predicate = Predicate(entry, builder: builder)
        }
    }

    struct Subject: Encodable {
        let name: String
        let digest: [String: String]
    }

    struct Predicate: Encodable {
        struct Definition: Encodable {
            let buildType = Statement.buildType
            let externalParameters: ExternalParameters
            let internalParameters: InternalParameters
            let resolvedDependencies: [Dependency]
        }

        struct Details: Encodable {
            struct Builder: Encodable {
                let id: String
                let version: [String: String]?
            }

            struct Metadata: Encodable {
                let invocationId: String
                let startedOn: String?
                let finishedOn: String
            }

            let builder: Builder
            let metadata: Metadata
        }

        let buildDefinition: Definition
        let runDetails: Details

        init(_ entry: LedgerEntry, builder: String?) {
            buildDefinition = Definition(
                externalParameters: ExternalParameters(entry),
                internalParameters: InternalParameters(entry),
                resolvedDependencies: Dependency.all(of: entry)
            )
            let program = entry.origin?.builder.split(separator: " ", maxSplits: 1).map(String.init)
            runDetails = Details(
                builder: .init(
                    id: builder ?? Statement.builder,
                    version: program.flatMap { $0.count == 2 ? [$0[0]: $0[1]] : nil }
                ),
                metadata: .init(
                    invocationId: entry.identity.description,
                    startedOn: entry.origin.map { Timestamp($0.started).description },
                    finishedOn: Timestamp(entry.firstSeen).description
                )
            )
        }
    }

    /// What was asked for: a release of a source, by a recipe.
    struct ExternalParameters: Encodable {
        struct Recipe: Encodable {
            /// Over all that may change the result.
            let sha256: String
            let parameters: RecipeRecord?
        }

        let project: String
        let version: String
        let source: String
        let repository: String
        let ref: String
        let directory: String
        let recipe: Recipe

        init(_ entry: LedgerEntry) {
            project = entry.key.project.normalized
            version = entry.key.version.description
            source = entry.key.source
            repository = entry.repositoryURI
            ref = "refs/tags/" + entry.key.tag
            directory = entry.key.directory.isEmpty ? "." : entry.key.directory
            recipe = Recipe(sha256: entry.key.recipe, parameters: entry.origin?.recipe)
        }
    }

    /// How this program did it.
    struct InternalParameters: Encodable {
        /// The number of the archive's canonical form.
        let format: Int
        let compressor: String
        /// Of the tar inside, which every compressor leaves the same.
        let tarSHA256: String
        let sourceDateEpoch: Int64
        let confined: Bool?

        init(_ entry: LedgerEntry) {
            format = entry.format
            compressor = entry.compressor
            tarSHA256 = entry.tarSHA256
            sourceDateEpoch = entry.key.commitTime
            confined = entry.origin?.isConfined
        }
    }
}
