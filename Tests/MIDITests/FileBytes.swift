import MIDI

/// A file put together by hand. The header takes 14 bytes, so the first track's events begin at byte 22.
func file(
  format: UInt8 = 0, division: [UInt8] = [0x03, 0xC0], declaredTracks: Int? = nil, _ tracks: [UInt8]...
) -> [UInt8] {
  let count = declaredTracks ?? tracks.count
  return Array("MThd".utf8) + [0, 0, 0, 6, 0, format, UInt8(count >> 8), UInt8(count & 0xFF)] + division
    + tracks.flatMap { trackChunk($0) }
}

func trackChunk(_ body: [UInt8], declared: Int? = nil) -> [UInt8] {
  chunk("MTrk", body, declared: declared)
}

func chunk(_ name: String, _ body: [UInt8], declared: Int? = nil) -> [UInt8] {
  let length = declared ?? body.count
  return Array(name.utf8) + [24, 16, 8, 0].map { UInt8(length >> $0 & 0xFF) } + body
}

/// A little-endian RIFF chunk, padded to an even length.
func riffChunk(_ name: String, _ body: [UInt8], declared: Int? = nil) -> [UInt8] {
  let length = declared ?? body.count
  return Array(name.utf8) + [0, 8, 16, 24].map { UInt8(length >> $0 & 0xFF) } + body
    + (body.count % 2 == 0 ? [] : [0])
}

func riff(form: String = "RMID", _ chunks: [UInt8]...) -> [UInt8] {
  riffChunk("RIFF", Array(form.utf8) + chunks.flatMap { $0 })
}

/// The end-of-track event, `delta` ticks (below 128) after the event before.
func end(_ delta: UInt8 = 0) -> [UInt8] { [delta, 0xFF, 0x2F, 0x00] }

func on(_ tick: Int64, _ key: UInt8, _ velocity: UInt8, channel: UInt8 = 0) -> MIDIEvent {
  MIDIEvent(tick: tick, kind: .noteOn, channel: channel, data1: key, data2: velocity)
}

func off(_ tick: Int64, _ key: UInt8, _ velocity: UInt8 = 64, channel: UInt8 = 0) -> MIDIEvent {
  MIDIEvent(tick: tick, kind: .noteOff, channel: channel, data1: key, data2: velocity)
}

/// The error that reading gives, or nil when it succeeds.
func refusal(_ bytes: [UInt8]) -> SMFError? {
  do throws(SMFError) {
    _ = try SMFReader.read(bytes)
    return nil
  } catch {
    return error
  }
}

/// What is wrong with a sequence that was read, by what `MIDISequence` promises; nil when nothing is.
func brokenPromise(_ sequence: MIDISequence) -> String? {
  var waiting: [Int: [Int64]] = [:]
  var heads: [Int: Int] = [:]
  var previous: MIDIEvent?
  for event in sequence.events {
    let key = Int(event.channel) * 128 + Int(event.data1)
    if let previous, (previous.tick, previous.kind.rank) > (event.tick, event.kind.rank) {
      return "order at \(event)"
    }
    if event.tick < 0 || event.tick > sequence.lengthTicks { return "tick of \(event)" }
    if event.channel > 15 || event.data1 > 127 || event.data2 > 127 { return "bytes of \(event)" }
    if event.kind == .noteOn { waiting[key, default: []].append(event.tick) }
    if event.kind == .noteOff {
      guard let begin = waiting[key]?.dropFirst(heads[key, default: 0]).first else { return "stray \(event)" }
      if begin >= event.tick { return "length of \(event)" }
      heads[key, default: 0] += 1
    }
    previous = event
  }
  if waiting.contains(where: { $1.count > heads[$0, default: 0] }) { return "a hanging note" }
  for (earlier, later) in zip(sequence.tempos, sequence.tempos.dropFirst()) where earlier.tick >= later.tick {
    return "order of tempos"
  }
  return sequence.warnings.count > MIDILimits.maximumWarnings ? "number of warnings" : nil
}
