internal import Glibc

/// A moment as HTTP writes it (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// - Parameter seconds: since 1970.
    static func text(_ seconds: Int64) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(pair).joined(separator: ":")
        let year = parts.tm_year + 1900
        let date = "\(pair(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(year)"
        return "\(days[Int(parts.tm_wday)]), \(date) \(time) GMT"
    }

    /// Seconds since 1970 of any of the three forms; `nil` for anything else.
    static func seconds(_ text: String) -> Int64? {
        let words = text.split { " ,-:".contains($0) }
        var parts = tm()
        let month: Substring
        let numbers: [Int32]
        switch (words.count, words.last) {
        case (8, "GMT"):
            // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`
            month = words[2]
            numbers = [words[3], words[1], words[4], words[5], words[6]].compactMap { Int32($0) }
        case (7, _):
            // `Sun Nov  6 08:49:37 1994`
            month = words[1]
            numbers = [words[6], words[2], words[3], words[4], words[5]].compactMap { Int32($0) }
        default: return nil
        }
        guard numbers.count == 5, let number = months.firstIndex(of: String(month)) else { return nil }
        guard (0...9999).contains(numbers[0]), (1...31).contains(numbers[1]), (0...23).contains(numbers[2]),
            (0...59).contains(numbers[3]), (0...60).contains(numbers[4])
        else { return nil }
        // Two digits: that century in which it is not far in the future.
        let year = numbers[0] < 70 ? numbers[0] + 2000 : numbers[0] < 100 ? numbers[0] + 1900 : numbers[0]
        parts.tm_year = year - 1900
        parts.tm_mon = Int32(number)
        parts.tm_mday = numbers[1]
        parts.tm_hour = numbers[2]
        parts.tm_min = numbers[3]
        parts.tm_sec = numbers[4]
        return Int64(timegm(&parts))
    }

    private static func pair(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
