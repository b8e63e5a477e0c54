import FCGIIndex
import Fuzzing

// Headers and parameters that choose a representation: any bytes choose one, or none, and twice the same.
fuzz { bytes in
    let header = String(decoding: bytes, as: UTF8.self)
    precondition(MediaType.negotiate(header) == MediaType.negotiate(header))
    precondition(ContentEncoding.negotiate(header) == ContentEncoding.negotiate(header))
    if let type = MediaType(format: header) { precondition(MediaType.negotiate(type.name) == type) }
    // Adding what can always be had leaves nothing unacceptable.
    precondition(
        MediaType.negotiate("\(MediaType.json.name), \(header)") != nil || header.contains("q"),
        header
    )
}
