import MIDI

extension Surface {
  /// The bytes of a cable. What the parser makes of them are whole messages, and it says the same of the channels as the
  /// parser that knows nothing else.
  static func takePort(_ bytes: [UInt8]) -> String {
    var parser = MIDIInputParser()
    var channels = MIDIStreamParser()
    var take = MIDITake()
    var follower = MIDIClockFollower(sampleRate: 48_000)
    var messages = 0
    var long = 0
    for (index, byte) in bytes.enumerated() {
      let expected = channels.take(byte)
      var seen: MIDIMessage?
      switch parser.take(byte) {
      case .short(let message):
        messages += 1
        check(message)
        if message.status < 0xF0 {
          seen = MIDIMessage(status: message.status, data1: message.data1, data2: message.data2)
        }
        // Time goes on as the bytes say, and back too.
        let frame = Double(index) * 40 - Double(message.data1) * 7
        take.take(message, at: Int64(index) * Int64(message.data2) % 10_000)
        for action in follower.take(message, frame: frame, playhead: index.isMultiple(of: 3) ? nil : frame) {
          check(action)
        }
      case .long(let count):
        long += 1
        demand((2...bytes.count).contains(count), "system exclusive of \(count) bytes in \(bytes.count)")
      case nil: break
      }
      demand(seen == expected, "channel messages are the same: \(String(describing: expected))")
    }
    if let played = take.finish() { check(played) }
    return messages + long > 0
      ? "\(messages) messages, \(long) long" : refusal(["no message in \(bytes.count) bytes"])
  }

  private static func check(_ message: MIDIShortMessage) {
    demand(message.status >= 0x80 && message.data1 < 128 && message.data2 < 128, "\(message) is one")
    demand((1...3).contains(message.count), "a short message has one to three bytes")
    demand(MIDIShortMessage(whole: message.bytes) == message, "\(message) comes whole")
    demand(
      PortBytes.isWhole(message.bytes), "\(message) has as many bytes as its status says")
  }

  private static func check(_ action: MIDIClockFollower.Action) {
    switch action {
    case .tempo(let bpm): demand((20...999).contains(bpm), "a tempo of \(bpm)")
    case .locate(let tick), .play(let tick): demand(tick.isFinite, "a place of \(tick)")
    case .pause: break
    }
  }

  private static func check(_ played: MIDISequence) {
    do throws(SMFError) {
      let again = try SMFReader.read(SMFWriter.write(played))
      demand(again.noteCount == played.noteCount, "the same notes")
      demand(again.strayNoteOffs == 0 && again.hangingNotes == 0, "every note ends once")
    } catch { demand(false, "a recording reads: \(error.what), \(error.why)") }
  }
}

/// MIDI 1.0's lengths, said once more.
private enum PortBytes {
  static func isWhole(_ bytes: [UInt8]) -> Bool {
    let lengths: [UInt8: Int] = [0xF1: 2, 0xF2: 3, 0xF3: 2]
    guard let status = bytes.first else { return false }
    if status >= 0xF0 { return bytes.count == lengths[status] ?? 1 }
    return bytes.count == (status & 0xE0 == 0xC0 ? 2 : 3)
  }
}
