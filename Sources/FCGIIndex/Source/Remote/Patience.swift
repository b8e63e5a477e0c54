/// How long is waited for other servers.
enum Patience {
    /// For a page where there is none to serve.
    static let absent = Duration.seconds(8)
    /// For a page to be confirmed that is much older than it should be.
    static let old = Duration.milliseconds(1500)
    /// For how long the server's word is taken that it has no such thing.
    static let absence = Duration.seconds(5)
    /// For how long something is left alone that went wrong.
    static let pause = Duration.seconds(5)
}
