/// A moment as PEP 700 writes it: `2024-05-01T12:00:00Z`.
struct Timestamp: CustomStringConvertible {
    /// Seconds since 1970.
    let seconds: Int64

    init(_ seconds: Int64) { self.seconds = seconds }

    var description: String {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let second = seconds - days * 86_400
        let (year, month, day) = Self.date(days)
        let time = [second / 3600, second / 60 % 60, second % 60].map(Self.pair).joined(separator: ":")
        let yearDigits = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        return "\(yearDigits)-\(Self.pair(month))-\(Self.pair(day))T\(time)Z"
    }

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

    private static func pair(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
