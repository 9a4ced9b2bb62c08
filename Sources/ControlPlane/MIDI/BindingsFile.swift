import FoundationEssentials
import Glibc
import HootWire

/// The bindings at rest: one JSON file in the state folder, written whole or not at all. Loader thread.
struct BindingsFile: Sendable {
  static let schema = "chaosgarden.bindings/1"
  let path: String

  /// `$XDG_STATE_HOME/chaosgarden`, or its place in the home folder; nil without either.
  static var usual: BindingsFile? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let state = variable("XDG_STATE_HOME") ?? variable("HOME").map { $0 + "/.local/state" }
    return state.map { BindingsFile(path: $0 + "/chaosgarden/midi-bindings.json") }
  }

  /// The state folder.
  var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

  /// What was read, and what was odd about it. A file that is no such file is put aside, not overwritten.
  func read() -> (bindings: [MIDIBinding], warnings: [String]) {
    guard access(path, F_OK) == 0 else { return ([], []) }
    do {
      let bytes = try FileStamp(path: path).read(limit: ControlLimits.bindingsFileBytes)
      let json = try JSONValue.parse(bytes)
      guard json["schema"]?.string == Self.schema, let entries = json["bindings"]?.array else {
        return ([], [setAside("its schema is not \(Self.schema)")])
      }
      return Self.usable(entries)
    } catch {
      let reason = (error as? Refusal)?.lines[1] ?? "\(error)"
      return ([], [setAside(reason)])
    }
  }

  private static func usable(_ entries: [JSONValue]) -> ([MIDIBinding], [String]) {
    var bindings: [MIDIBinding] = []
    var warnings: [String] = []
    for (index, entry) in entries.prefix(ControlLimits.midiBindings).enumerated() {
      guard let binding = MIDIBinding(entry),
        !bindings.contains(where: { $0.id == binding.id || $0.source == binding.source })
      else {
        warnings.append("binding \(index + 1) of the file cannot be used: it is left out")
        continue
      }
      bindings.append(binding)
    }
    return (bindings, warnings)
  }

  private func setAside(_ reason: String) -> String {
    let aside = path + ".broken"
    rename(path, aside)
    return "\(path) cannot be used (\(reason)): it is now \(aside), and nothing is bound"
  }

  func write(_ bindings: [MIDIBinding]) throws(Refusal) {
    let document: JSONValue = [
      "schema": .string(Self.schema), "bindings": .array(bindings.map(\.json)),
    ]
    try WholeFile.write(document.encode() + [10], to: path, what: "the bindings")
  }
}
