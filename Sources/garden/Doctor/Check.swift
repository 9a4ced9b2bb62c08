import HootWire

/// One line of the doctor's: what was looked at, what was seen, and what to do about it.
struct Check: Equatable, Sendable {
  enum State: String, Sendable {
    case ok, warn, fail
  }

  var name: String
  var state: State
  var seen: String
  /// Empty when all is well.
  var fix: String

  static func ok(_ name: String, _ seen: String) -> Check {
    Check(name: name, state: .ok, seen: seen, fix: "")
  }
  static func warn(_ name: String, _ seen: String, _ fix: String) -> Check {
    Check(name: name, state: .warn, seen: seen, fix: fix)
  }
  static func fail(_ name: String, _ seen: String, _ fix: String) -> Check {
    Check(name: name, state: .fail, seen: seen, fix: fix)
  }
}

extension Check {
  var json: JSONValue {
    [
      "name": .string(name), "state": .string(state.rawValue), "seen": .string(seen), "fix": .string(fix),
    ]
  }

  /// A check of the daemon's; an unknown state counts as a warning.
  init(_ json: JSONValue) {
    self.init(
      name: Field.text(json["name"]), state: json["state"]?.string.flatMap(State.init(rawValue:)) ?? .warn,
      seen: Field.text(json["seen"]), fix: json["fix"]?.string.map { Console.clean($0) } ?? "")
  }

  func lines(_ painter: Painter, nameWidth: Int) -> [String] {
    let style: Style =
      switch state {
      case .ok: .good
      case .warn: .warning
      case .fail: .bad
      }
    let mark = painter.paint(state.rawValue, style) + String(repeating: " ", count: 4 - state.rawValue.count)
    let pad = String(repeating: " ", count: max(0, nameWidth - name.count))
    let line = "\(mark)  \(name)\(pad)  \(seen)"
    return fix.isEmpty ? [line] : [line, String(repeating: " ", count: 8 + nameWidth) + "→ \(fix)"]
  }
}
