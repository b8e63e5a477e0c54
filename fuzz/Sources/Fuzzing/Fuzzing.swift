/// libFuzzer's entry point for programs with a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

nonisolated(unsafe) private var test: (UnsafeBufferPointer<UInt8>) -> Void = { _ in }

/// Gives `body` inputs, as the program's arguments say, until one of them crashes it or the time is over.
public func fuzz(_ body: @escaping (UnsafeBufferPointer<UInt8>) -> Void) {
    test = body
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    _ = runDriver(&count, &arguments) { bytes, count in
        test(UnsafeBufferPointer(start: bytes, count: count))
        return 0
    }
}
