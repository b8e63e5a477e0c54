internal import CLinux
internal import Glibc

/// Raises this process's limit of open descriptors to the most the system allows it.
public func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// Lets other processes go first, for processor and disk; children inherit it. It cannot be taken back without rights.
/// Called before any thread is started, since Linux keeps both by thread. A system that allows neither is no error.
public func giveWay() {
    lowerPriority(by: 15)
    _ = shim_lower_io_priority()
}

/// Lets other processes go first for the processor, by so many levels of `nice(2)`; as `giveWay()` otherwise.
public func lowerPriority(by levels: Int32) { _ = nice(levels) }

/// Keeps the heap small: at most `arenas` of them, since the C library would give each of many threads one of its
/// own, and what one frees another cannot use; and blocks from 384 KiB on by themselves, so that they go back to the
/// system when they are freed; the 256 KiB that libarchive takes for each zip are wanted again at once.
public func keepHeapSmall(arenas: Int) {
    mallopt(M_ARENA_MAX, Int32(arenas))
    mallopt(M_MMAP_THRESHOLD, 393_216)
    // Else each such block at the heap's end would go back, and be asked for again.
    mallopt(M_TRIM_THRESHOLD, 2 << 20)
}

/// Gives memory that was freed back to the system, which the C library keeps otherwise. Some milliseconds.
public func releaseFreedMemory() {
    malloc_trim(0)
}

/// Lets go of the program's and the libraries' code, which comes back page by page as it is used: starting takes
/// more than twice the code that serving does, and the system keeps it mapped until memory is short.
///
/// Code is never written to, so nothing is lost. Less than a millisecond, and some page faults after it.
public func releaseStartupCode() {
    guard let maps = try? File.read("/proc/self/maps") else { return }
    for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
        // address-address permissions offset device inode path
        let fields = line.split(separator: " ", maxSplits: 5)
        guard fields.count == 6, fields[1] == "r-xp", fields[5].contains("/") else { continue }
        let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard ends.count == 2, let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else { continue }
        madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
    }
}

/// Writes a line to standard error, unbuffered.
public func printError(_ text: String, terminator: String = "\n") {
    let bytes = Array((text + terminator).utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}

/// The file this process runs, so that it can be started again also when its directory is not on the path.
public func executablePath() -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return "/proc/self/exe" }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
