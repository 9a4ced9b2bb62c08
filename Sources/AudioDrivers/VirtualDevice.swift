/// A sound device that a file lists in place of this machine's: for rehearsing away from the stage's, and for programs that
/// bring sound of their own.
///
/// A line each: `out NUMBER NAME` or `in NUMBER PATH NAME`, after either ` | ` and a nickname. The numbers are those that
/// hootenanny's peers are given. What an output plays goes nowhere, at its own clock's pace; an input's sound is read from
/// the file or FIFO at its path, interleaved pairs of 32-bit floats at 48 kHz, and is silence where the path is `-`.
package struct VirtualDevice: Sendable, Equatable {
  package enum Direction: String, Sendable {
    case input = "in"
    case output = "out"
  }

  package let direction: Direction
  package let number: Int
  /// Of an input; nil is silence.
  package let path: String?
  package let name: String
  package let nick: String?

  /// What the file says now; lines that say nothing are left out. Reads the file.
  package static func list(_ file: String) -> [VirtualDevice] { parse(ListFile.text(file)) }

  static func parse(_ text: String) -> [VirtualDevice] {
    text.split(whereSeparator: \.isNewline).compactMap(parse)
  }

  private static func parse(_ line: Substring) -> VirtualDevice? {
    guard let direction = line.split(separator: " ").first.flatMap({ Direction(rawValue: String($0)) }) else {
      return nil
    }
    let words = line.split(separator: " ", maxSplits: direction == .input ? 3 : 2)
    guard words.count == (direction == .input ? 4 : 3), let number = Int(words[1]), number >= 0,
      let rest = words.last?.drop(while: { $0 == " " }), !rest.isEmpty
    else { return nil }
    let path = direction == .input && words[2] != "-" ? String(words[2]) : nil
    guard let bar = rest.firstRange(of: " | ") else {
      return VirtualDevice(direction: direction, number: number, path: path, name: String(rest), nick: nil)
    }
    let (name, nick) = (String(rest[..<bar.lowerBound]), String(rest[bar.upperBound...]))
    guard !name.isEmpty else { return nil }
    return VirtualDevice(
      direction: direction, number: number, path: path, name: name, nick: nick.isEmpty ? nil : nick)
  }

  package func isCalled(_ name: String) -> Bool { name == self.name || name == nick }

  /// The one that `wishes.device` names, or the first.
  static func output(_ wishes: DriverWishes) throws(DriverError) -> TimerDriver {
    let outputs = list(wishes.list).filter { $0.direction == .output }
    let found = outputs.first { wishes.device.isEmpty || $0.isCalled(wishes.device) }
    guard let found else {
      let names = outputs.map(\.name).joined(separator: ", ")
      throw DriverError(
        "No virtual device was opened.",
        why: wishes.list.isEmpty
          ? "No file lists any."
          : "The file '\(wishes.list)' has these outputs: \(names.isEmpty ? "none" : names).",
        next: "Name a file that lists one: chaosgarden --audio virtual --audio-devices FILE")
    }
    return try TimerDriver(
      sampleRate: wishes.sampleRate, period: wishes.period, priority: wishes.priority,
      name: "virtual", title: found.name)
  }
}
