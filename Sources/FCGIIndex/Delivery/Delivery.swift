/// How one request gets a file.
struct Delivery: Sendable {
    let way: SendFile
    /// What the client asked of it, which counts where the responder sends the bytes.
    let conditions: FileConditions
}

extension Query {
    /// How this request gets a file.
    ///
    /// - Parameter configured: the way that the configuration wants; `nil` where the web server decides.
    func delivery(_ configured: SendFile?) -> Delivery {
        let way = configured ?? sendFile
        return Delivery(way: way, conditions: way == .stream ? conditions : FileConditions())
    }
}
