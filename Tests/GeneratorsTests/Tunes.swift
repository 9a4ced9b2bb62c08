import MIDI

@testable import Generators

/// Notes as a test writes them: start and length in ticks of 960 a beat, MIDI key.
struct HeardNote: Equatable, CustomStringConvertible {
  var start: Int64
  var length: Int64
  var key: Int

  init(_ start: Int64, _ length: Int64, _ key: Int) {
    (self.start, self.length, self.key) = (start, length, key)
  }

  var description: String { "(\(start), \(length), \(key))" }
}

func heard(_ sequence: MIDISequence, channel: UInt8? = nil) -> [HeardNote] {
  var notes: [HeardNote] = []
  for (index, event) in sequence.events.enumerated() where event.kind == .noteOn {
    if let channel, event.channel != channel { continue }
    let off = sequence.events[index...].first {
      $0.kind == .noteOff && $0.channel == event.channel && $0.data1 == event.data1 && $0.tick > event.tick
    }
    notes.append(HeardNote(event.tick, (off?.tick ?? -1) - event.tick, Int(event.data1)))
  }
  return notes.sorted { ($0.start, $0.key) < ($1.start, $1.key) }
}

/// A tune in C, 4/4, unit 1/4, unless `head` says otherwise.
func tune(_ music: String, head: String = "M:4/4\nL:1/4\nK:C") -> String { "X:1\nT:t\n\(head)\n\(music)\n" }

func keys(_ music: String, head: String = "M:4/4\nL:1/4\nK:C") throws -> [Int] {
  try played(music, head: head).map(\.key)
}

func played(_ music: String, head: String = "M:4/4\nL:1/4\nK:C") throws -> [HeardNote] {
  let book = ABCParser.parse(tune(music, head: head))
  guard book.isValid, let first = book.tunes.first else {
    throw GeneratorError(
      "invalid", book.diagnostics.map(\.description).joined(separator: "; "), why: "", next: "")
  }
  return heard(try first.sequence())
}

func complaints(_ text: String) -> [String] { ABCParser.parse(text).diagnostics.map(\.description) }
