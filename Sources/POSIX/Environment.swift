internal import CLinux

/// The variables this process was started with.
public func processEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var next = shim_environment()
    while let entry = next?.pointee {
        let text = String(cString: entry)
        if let equals = text.firstIndex(of: "=") {
            variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        next = next?.advanced(by: 1)
    }
    return variables
}
