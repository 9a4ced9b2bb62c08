import HootWire

/// The numbers of the status in Prometheus' text format.
enum MetricsText {
  /// A gauge for every number and truth value, named after its place: `chaosgarden_transport_frame`. Lists are left out:
  /// their members have no names.
  static func of(_ status: JSONValue) -> String {
    var lines: [String] = []
    add(status, "chaosgarden", &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func add(_ value: JSONValue, _ name: String, _ lines: inout [String]) {
    switch value {
    case .object(let object):
      for member in object.members { add(member.value, "\(name)_\(word(member.key))", &lines) }
    case .bool(let flag): lines += ["# TYPE \(name) gauge", "\(name) \(flag ? 1 : 0)"]
    case .integer(let number): lines += ["# TYPE \(name) gauge", "\(name) \(number)"]
    case .unsigned(let number): lines += ["# TYPE \(name) gauge", "\(name) \(number)"]
    case .number(let number) where number.isFinite:
      lines += ["# TYPE \(name) gauge", "\(name) \(number)"]
    case .number, .null, .string, .array: return
    }
  }

  private static func word(_ key: String) -> String {
    String(key.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}
