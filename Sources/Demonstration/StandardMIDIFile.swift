/// A format 1 file: the conductor's track, then one for each part. Every file made here has the same
/// conductor's track.
struct StandardMIDIFile {
  let title: String
  let parts: [Part]

  func bytes() -> [UInt8] {
    var bytes: [UInt8] = Array("MThd".utf8)
    bytes += big(6, 4) + big(1, 2) + big(parts.count + 1, 2) + big(Song.ticksPerBeat, 2)
    bytes += track(conductor())
    for part in parts {
      let name = Part.Event(tick: 0, bytes: text(0x03, part.name))
      let order = part.events.enumerated().sorted { left, right in
        (left.element.tick, left.element.rank, left.offset) < (
          right.element.tick, right.element.rank, right.offset
        )
      }
      bytes += track([name] + order.map(\.element))
    }
    return bytes
  }

  private func conductor() -> [Part.Event] {
    var events = [
      Part.Event(tick: 0, bytes: text(0x03, title)),
      Part.Event(tick: 0, bytes: text(0x02, "chaosgarden, CC0 1.0")),
    ]
    for tempo in Song.tempos {
      let microseconds = Int((60_000_000 / tempo.beatsPerMinute).rounded())
      events.append(Part.Event(tick: tempo.tick, bytes: meta(0x51, big(microseconds, 3))))
    }
    var beats = 0
    for bar in Song.bars {
      if bar.beats != beats {
        beats = bar.beats
        events.append(Part.Event(tick: bar.start, bytes: meta(0x58, [UInt8(beats), 2, 24, 8])))
      }
      if bar.index == 0 {
        events.append(Part.Event(tick: bar.start, bytes: text(0x06, marker(bar))))
      }
    }
    return events.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }.map(
      \.element)
  }

  /// A section heard more than once is numbered from its second time: names of markers are unique.
  private func marker(_ bar: Song.Bar) -> String {
    bar.pass == 0 ? bar.section.rawValue : "\(bar.section.rawValue)-\(bar.pass + 1)"
  }

  private func track(_ events: [Part.Event]) -> [UInt8] {
    var body: [UInt8] = []
    var now = 0
    for event in events {
      body += variable(event.tick - now) + event.bytes
      now = event.tick
    }
    body += variable(max(0, Song.end - now)) + meta(0x2F, [])
    return Array("MTrk".utf8) + big(body.count, 4) + body
  }

  private func text(_ kind: UInt8, _ text: String) -> [UInt8] { meta(kind, Array(text.utf8)) }

  private func meta(_ kind: UInt8, _ data: [UInt8]) -> [UInt8] { [0xFF, kind] + variable(data.count) + data }

  private func big(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }

  /// Seven bits a byte, the highest first, all but the last marked.
  private func variable(_ value: Int) -> [UInt8] {
    var bytes = [UInt8(value & 0x7F)]
    var rest = value >> 7
    while rest > 0 {
      bytes.insert(UInt8(rest & 0x7F | 0x80), at: 0)
      rest >>= 7
    }
    return bytes
  }
}
