/// A moment as PEP 700 writes it: `2024-05-01T12:00:00Z`, or with six digits of a fraction.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Since 1970.
    private let microseconds: Int64

    /// The years 1 to 9999, which four digits write, in seconds since 1970.
    private static let years: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// - Parameter seconds: since 1970. Whoever makes a commit or a tag may name any number: what is past the years 1 to
    ///   9999 becomes their nearest second.
    public init(_ seconds: Int64) {
        microseconds = min(max(seconds, Self.years.lowerBound), Self.years.upperBound) * 1_000_000
    }

    /// Reads `yyyy-mm-ddThh:mm:ssZ`, with up to six digits of a fraction; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count >= 20, digits.last == UInt8(ascii: "Z") else { return nil }
        for (place, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        where digits[place] != mark.utf8.first {
            return nil
        }
        func number(_ range: Range<Int>) -> Int64? {
            var number: Int64 = 0
            for digit in digits[range] {
                guard (48...57).contains(digit) else { return nil }
                number = number * 10 + Int64(digit - 48)
            }
            return number
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var fraction: Int64 = 0
        if digits.count > 20 {
            let count = digits.count - 21
            guard digits[19] == UInt8(ascii: "."), (1...6).contains(count),
                let value = number(20..<20 + count)
            else {
                return nil
            }
            fraction = (count..<6).reduce(value) { value, _ in value * 10 }
        }
        let time = Self.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        microseconds = time * 1_000_000 + fraction
    }

    /// Whole seconds since 1970.
    public var seconds: Int64 { (microseconds >= 0 ? microseconds : microseconds - 999_999) / 1_000_000 }

    /// As PEP 700 writes it.
    public var description: String {
        let seconds = seconds
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let second = seconds - days * 86_400
        let (year, month, day) = Self.date(days)
        let fraction = microseconds - seconds * 1_000_000
        // A page has one for each of thousands of files.
        return String(unsafeUninitializedCapacity: 27) { text in
            var place = 0
            func put(_ number: Int64, _ digits: Int, _ mark: Unicode.Scalar) {
                var rest = number
                for offset in (0..<digits).reversed() {
                    text[place + offset] = UInt8(48 + rest % 10)
                    rest /= 10
                }
                text[place + digits] = UInt8(ascii: mark)
                place += digits + 1
            }
            put(year, 4, "-")
            put(month, 2, "-")
            put(day, 2, "T")
            put(second / 3600, 2, ":")
            put(second / 60 % 60, 2, ":")
            put(second % 60, 2, fraction == 0 ? "Z" : ".")
            if fraction != 0 { put(fraction, 6, "Z") }
            return place
        }
    }

    /// Whether the left one is earlier.
    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// The proleptic Gregorian date of a day counted from 1970-01-01, by eras of 400 years that begin in March.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The other way round.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
