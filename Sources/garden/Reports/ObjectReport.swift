import HootWire

/// Any object as `name  value` lines, nested ones indented: for what has no report of its own.
enum ObjectReport {
  static func lines(_ value: JSONValue, _ painter: Painter, indent: Int = 0) -> [String] {
    guard let object = value.object else { return [Field.text(value)] }
    let members = object.members.filter { $0.key != "schema" }
    let width = members.map(\.key.count).max() ?? 0
    let space = String(repeating: " ", count: indent)
    return members.flatMap { member -> [String] in
      let pad = String(repeating: " ", count: width - member.key.count)
      let name = space + painter.paint(Console.clean(member.key), .quiet) + pad
      switch member.value {
      case .object where indent < 8:
        return [name] + lines(member.value, painter, indent: indent + 2)
      case .array(let elements) where indent < 8 && elements.contains(where: { $0.object != nil }):
        return [name] + elements.map { space + "  " + Field.text($0) }
      default: return [name + "  " + Field.text(member.value)]
      }
    }
  }
}
