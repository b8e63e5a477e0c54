/// Which release of the program this is.
enum Release {
    static let version = "0.1.0"
    /// The day it was made, for the manual.
    static let date = "2026-11-21"
    static let origin = "pyindex-fcgi \(version)"
}
