import FCGIIndex
import Fuzzing
import PythonPackaging

// The path of a URL below two prefixes. What it leads to is made of checked values, so the only text that goes on is
// the target of a redirect, which must stay where it was.
fuzz { bytes in
    let path = String(decoding: bytes, as: UTF8.self)
    for base in [BasePath("/"), BasePath("/pypi/")].compactMap({ $0 }) {
        guard case .moved(let target) = Route(path: path[...], under: base) else { continue }
        var rest = target[...]
        while rest.hasPrefix("../") { rest = rest.dropFirst(3) }
        precondition(rest.hasSuffix("/") || rest.hasSuffix("/json"), "\(path) to \(target)")
        let isPlain = rest.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 92 }
        precondition(isPlain && !rest.hasPrefix("/") && !rest.contains("//") && !rest.contains(".."), target)
    }
}
