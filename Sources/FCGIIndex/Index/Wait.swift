/// A request that waits for a build.
public struct Wait: Sendable {
    /// What is built.
    public let key: BuildKey
    let hop: Hop
    /// How the request gets the file when it is built.
    let delivery: Delivery
    /// Who is to get it, who may have lost the right to meanwhile.
    let caller: Caller
}
