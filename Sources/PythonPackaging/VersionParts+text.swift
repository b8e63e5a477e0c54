extension VersionParts {
    /// The normalized form (PEP 440 "Normalization"), as `str()` of Python's `packaging.version.Version`
    /// gives it.
    func text() -> String {
        // Implied zeros and ".post" for "-" are what the normalized form may have more than the written one.
        let capacity = length + 32
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer in
            var output = Output(buffer: buffer)
            write(to: &output)
            return String(decoding: UnsafeBufferPointer(rebasing: buffer[..<output.count]), as: UTF8.self)
        }
    }

    private var length: Int {
        let numbers = (epoch?.bytes.count ?? 0) + (pre?.number.bytes.count ?? 0)
        let others = (post?.bytes.count ?? 0) + (development?.bytes.count ?? 0)
        return release.count + numbers + others + (local?.count ?? 0)
    }

    private func write(to output: inout Output) {
        if let epoch, !epoch.isZero {
            output.append(epoch)
            output.append("!")
        }
        var segments = segments
        if let first = segments.nextNumber() { output.append(first) }
        while let segment = segments.nextNumber() {
            output.append(".")
            output.append(segment)
        }
        if let pre {
            output.append(pre.phase.abbreviation)
            output.append(pre.number)
        }
        if let post {
            output.append(".post")
            output.append(post)
        }
        if let development {
            output.append(".dev")
            output.append(development)
        }
        writeLocal(to: &output)
    }

    private func writeLocal(to output: inout Output) {
        var segments = Segments(rest: local)
        var separator: StaticString = "+"
        while let segment = segments.next() {
            output.append(separator)
            separator = "."
            if segment.allSatisfy(\.isDigit) {
                output.append(Digits(segment))
            } else {
                for byte in segment { output.append(byte.lowercased) }
            }
        }
    }
}

/// Bytes written one after another into memory that is large enough.
private struct Output {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    init(buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func append(_ byte: UInt8) {
        buffer[count] = byte
        count += 1
    }

    mutating func append(_ text: StaticString) {
        for offset in 0..<text.utf8CodeUnitCount { append(text.utf8Start[offset]) }
    }

    mutating func append(_ number: Digits) {
        if number.isZero { append(UInt8(ascii: "0")) }
        for digit in number.bytes { append(digit) }
    }
}
