import HootWire
import Settings
import Tools

extension Conductor {
  /// The settings that the daemon works with, and where each comes from: one, those of a table, or all.
  func getSettings(_ arguments: Arguments) throws(Refusal) -> Answer {
    let wanted = arguments.text(.name)
    let (section, key) = (arguments.text(.section), arguments.text(.key))
    let found = Setting.all.filter { setting in
      (wanted.map { $0 == setting.name.rawValue || $0 == setting.word } ?? true)
        && (section.map { $0 == setting.name.table } ?? true) && (key.map { $0 == setting.name.key } ?? true)
    }
    guard !found.isEmpty else {
      let asked = wanted ?? [section, key].compactMap { $0 }.joined(separator: ".")
      throw Refusal(
        "unknown_setting", .usage, "there is no setting \(shownText(asked))",
        Suggestion.sentence(for: asked, in: SettingName.allCases.map(\.rawValue), noun: "setting"),
        "garden config show")
    }
    return .reply(.ok(["settings": .array(found.map { json($0) })]))
  }

  private func json(_ setting: Setting) -> JSONValue {
    let entry = settings[setting.name]
    return [
      "name": .string(setting.name.rawValue), "value": Self.json(entry.value),
      "origin": .string(entry.origin.shown), "default": Self.json(setting.builtIn),
      "environment": .string(setting.environment), "flag": .string(setting.flag),
    ]
  }

  private static func json(_ value: SettingValue) -> JSONValue {
    switch value {
    case .text(let text): .string(text)
    case .bool(let value): .bool(value)
    case .integer(let number): .integer(Int64(number))
    case .number(let number): .number(number)
    }
  }
}
