/// One look at all inotify instances of the process together: whether anything happened to what it watches.
///
/// Most requests meet a process in which nothing happened, and have to know that of a ledger, of a file of yanks and of
/// each source. A look that is taken after the request came tells it of all of them.
public struct InotifyGlance: Sendable {
    /// Nothing waited to be read from any instance.
    let isQuiet: Bool

    /// Looks now. One system call, which does not block.
    public init() { isQuiet = InotifySignal.areAllQuiet }
}
