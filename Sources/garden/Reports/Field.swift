import HootWire

/// Values of a reply as people read them. A field that is missing or of another type is a dash: an older
/// daemon's reply must still show.
enum Field {
  static let missing = "-"

  static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: missing
    case .string(let text)?: Console.clean(text)
    case .bool(let value)?: value ? "yes" : "no"
    case .integer(let value)?: String(value)
    case .unsigned(let value)?: String(value)
    case .number(let value)?: decimal(value, 3)
    case .array(let values)?: values.isEmpty ? missing : values.map { text($0) }.joined(separator: ", ")
    case .object(let object)?:
      object.members.map { "\(Console.clean($0.key)) \(text($0.value))" }.joined(separator: ", ")
    }
  }

  /// A number of things: `1 bus`, `2 buses`.
  static func count(_ value: JSONValue?, _ one: String, _ many: String? = nil) -> String {
    "\(text(value)) \(value?.int == 1 ? one : many ?? one + "s")"
  }

  /// Up to `places` decimals, without trailing zeroes. Huge values and NaN show as Swift writes them.
  static func decimal(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return value.description }
    var text = fixed(value, places)
    while text.hasSuffix("0") && text.contains(".") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text == "-0" ? "0" : text
  }

  /// Exactly `places` decimals, rounded to nearest; `value` must be below 1e12.
  static func fixed(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, abs(value) < 1e12, places >= 0, places <= 6 else { return value.description }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int64((abs(value) * Double(scale)).rounded())
    let whole = String(scaled / Int64(scale))
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard places > 0 else { return sign + whole }
    let fraction = String(scaled % Int64(scale))
    return sign + whole + "." + String(repeating: "0", count: places - fraction.count) + fraction
  }

  static func decibels(_ value: JSONValue?) -> String {
    guard let number = value?.double else { return missing }
    return number <= -120 ? "-inf" : fixed(number, 1)
  }

  static func beats(_ value: JSONValue?) -> String { value?.double.map { decimal($0, 3) } ?? missing }

  static func percent(_ value: JSONValue?) -> String {
    value?.double.map { fixed($0 * 100, 1) + " %" } ?? missing
  }

  /// `1:05.3`, minutes and seconds.
  static func duration(_ value: JSONValue?) -> String {
    guard let seconds = value?.double, seconds.isFinite, seconds >= 0, seconds < 1e9 else { return missing }
    let tenths = Int64((seconds * 10).rounded())
    let rest = tenths % 600
    return "\(tenths / 600):\(rest < 100 ? "0" : "")\(fixed(Double(rest) / 10, 1))"
  }

  /// `5.7 MB`, in powers of ten.
  static func bytes(_ value: JSONValue?) -> String {
    guard let bytes = value?.double else { return missing }
    let units = ["B", "kB", "MB", "GB", "TB"]
    var (size, unit) = (bytes, 0)
    while size >= 1000, unit < units.count - 1 { (size, unit) = (size / 1000, unit + 1) }
    return "\(decimal(size, 1)) \(units[unit])"
  }

  /// The part of an id that people type.
  static func shortID(_ value: JSONValue?) -> String { String(text(value).prefix(8)) }
}
