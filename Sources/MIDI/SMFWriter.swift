/// Writes Standard MIDI Files. Works on the calling thread and cannot fail: what a file cannot hold is
/// brought to the nearest thing it can.
package enum SMFWriter {
  /// `format` 0 puts all in one track; any other value writes format 1, with tempos, signatures and markers
  /// in the first track and one track per channel after it. `division` is ticks per quarter note, held within
  /// 1...32,767; one that is not a multiple of 960 rounds times to its own grid. Ticks are held within
  /// 0...`MIDILimits.maximumTick`.
  package static func write(
    _ sequence: MIDISequence, format: Int = 1, division: Int = Int(MIDILimits.ticksPerBeat)
  ) -> [UInt8] {
    let ticksPerQuarter = min(max(division, 1), 0x7FFF)
    let tracks = format == 0 ? single(sequence) : parallel(sequence)
    var bytes: [UInt8] = Array("MThd".utf8)
    bytes.appendBigEndian(6, byteCount: 4)
    bytes.appendBigEndian(format == 0 ? 0 : 1, byteCount: 2)
    bytes.appendBigEndian(tracks.count, byteCount: 2)
    bytes.appendBigEndian(ticksPerQuarter, byteCount: 2)
    for track in tracks {
      bytes += track.chunk(lengthTicks: sequence.lengthTicks, ticksPerQuarter: ticksPerQuarter)
    }
    return bytes
  }

  private static func single(_ sequence: MIDISequence) -> [TrackDraft] {
    var track = TrackDraft(name: sequence.tracks.lazy.compactMap(\.name).first)
    track.addMeta(of: sequence)
    for event in sequence.events { track.add(event) }
    return [track]
  }

  private static func parallel(_ sequence: MIDISequence) -> [TrackDraft] {
    var conductor = TrackDraft(name: nil)
    conductor.addMeta(of: sequence)
    var channels = [TrackDraft?](repeating: nil, count: 16)
    for event in sequence.events {
      let channel = Int(event.channel & 0x0F)
      if channels[channel] == nil {
        channels[channel] = TrackDraft(name: name(of: event.channel & 0x0F, in: sequence))
      }
      channels[channel]?.add(event)
    }
    return [conductor] + channels.compactMap { $0 }
  }

  private static func name(of channel: UInt8, in sequence: MIDISequence) -> String? {
    sequence.tracks.first { $0.name != nil && $0.channels.contains(channel) }?.name
  }
}

extension [UInt8] {
  mutating func appendBigEndian(_ value: Int, byteCount: Int) {
    for place in (0..<byteCount).reversed() { append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
  }

  /// `value` in 0...0x0FFF_FFFF.
  mutating func appendVariableLength(_ value: Int) {
    for place in [3, 2, 1] where value >> (7 * place) > 0 {
      append(UInt8(value >> (7 * place) & 0x7F | 0x80))
    }
    append(UInt8(value & 0x7F))
  }
}
