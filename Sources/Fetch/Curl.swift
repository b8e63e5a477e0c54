internal import CLibCurl
internal import Glibc

/// libcurl's functions, loaded when something is fetched for the first time in this process.
struct Curl: @unchecked Sendable {  // set once, then only read
    let functions: shim_curl

    static let loaded: Result<Curl, FetchError> = {
        var functions = shim_curl()
        if let reason = shim_load_curl(&functions) {
            return .failure(.unreachable("libcurl cannot be loaded: \(String(cString: reason))"))
        }
        return .success(Curl(functions: functions))
    }()

    func set(_ option: CURLoption, _ value: Int, on handle: UnsafeMutableRawPointer) {
        withUnsafePointer(to: functions) { _ = shim_set_number($0, handle, option, value) }
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ text: String, on handle: UnsafeMutableRawPointer) {
        withUnsafePointer(to: functions) { functions in
            text.withCString { _ = shim_set_pointer(functions, handle, option, $0) }
        }
    }

    /// What `pointer` leads to must live as long as the transfer.
    func set(_ option: CURLoption, _ pointer: UnsafeRawPointer?, on handle: UnsafeMutableRawPointer) {
        withUnsafePointer(to: functions) { _ = shim_set_pointer($0, handle, option, pointer) }
    }
}

/// A libcurl handle with the connections it keeps open. Used by one transfer at a time.
struct CurlHandle: @unchecked Sendable {  // guarded by the fetcher, which hands it to one thread
    let pointer: UnsafeMutableRawPointer
}
