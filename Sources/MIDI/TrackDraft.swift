/// One track on its way to bytes.
struct TrackDraft {
  private let name: String?
  private var items: [(tick: Int64, content: Content)] = []

  private enum Content {
    case meta([UInt8])
    case message(MIDIEvent)
  }

  init(name: String?) {
    self.name = name
  }

  mutating func addMeta(of sequence: MIDISequence) {
    for tempo in sequence.tempos {
      var data: [UInt8] = []
      data.appendBigEndian(min(max(tempo.microsecondsPerQuarter, 1), 0xFF_FFFF), byteCount: 3)
      items.append((tempo.tick, .meta(Self.meta(0x51, data))))
    }
    for signature in sequence.signatures {
      let denominator = min(max(signature.denominator, 1), 1 << MIDILimits.maximumDenominatorPower)
      let power = UInt8(Int.bitWidth - 1 - denominator.leadingZeroBitCount)
      let numerator = UInt8(min(max(signature.numerator, 1), 255))
      // 24 MIDI clocks to the metronome's click and eight 32nds to the quarter note: the usual values.
      items.append((signature.tick, .meta(Self.meta(0x58, [numerator, power, 24, 8]))))
    }
    for marker in sequence.markers {
      items.append((marker.tick, .meta(Self.meta(0x06, SMFText.encode(marker.name)))))
    }
  }

  mutating func add(_ event: MIDIEvent) {
    items.append((event.tick, .message(event)))
  }

  /// The whole chunk. Every event has its status byte: files grow by a quarter and no reader can stumble.
  func chunk(lengthTicks: Int64, ticksPerQuarter: Int) -> [UInt8] {
    var track = TrackBytes(ticksPerQuarter: ticksPerQuarter)
    if let name { track.append(Self.meta(0x03, SMFText.encode(name)), at: 0) }
    for item in items.sorted(by: { $0.tick < $1.tick }) {
      switch item.content {
      case .meta(let bytes): track.append(bytes, at: item.tick)
      case .message(let event): track.append(event)
      }
    }
    track.append(Self.meta(0x2F, []), at: lengthTicks)
    var chunk: [UInt8] = Array("MTrk".utf8)
    chunk.appendBigEndian(track.bytes.count, byteCount: 4)
    return chunk + track.bytes
  }

  private static func meta(_ type: UInt8, _ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0xFF, type]
    bytes.appendVariableLength(data.count)
    return bytes + data
  }
}

/// A track's bytes so far and the time they have reached.
private struct TrackBytes {
  private(set) var bytes: [UInt8] = []
  private let scale: TickScale
  private var reached: Int64 = 0

  init(ticksPerQuarter: Int) {
    scale = TickScale(.ticksPerQuarter(ticksPerQuarter))
  }

  mutating func append(_ meta: [UInt8], at tick: Int64) {
    advance(to: tick)
    bytes += meta
  }

  mutating func append(_ event: MIDIEvent) {
    advance(to: event.tick)
    bytes.append(event.kind.statusByte | event.channel & 0x0F)
    bytes.append(event.data1 & 0x7F)
    if event.kind.dataByteCount == 2 { bytes.append(event.data2 & 0x7F) }
  }

  private mutating func advance(to tick: Int64) {
    var delta = Int(max(scale.raw(tick) - reached, 0))
    reached += Int64(delta)
    // A delta holds 28 bits; empty text events carry time across a longer gap.
    while delta > 0x0FFF_FFFF {
      bytes.appendVariableLength(0x0FFF_FFFF)
      bytes += [0xFF, 0x01, 0x00]
      delta -= 0x0FFF_FFFF
    }
    bytes.appendVariableLength(delta)
  }
}
