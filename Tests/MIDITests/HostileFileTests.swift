import MIDI
import Testing

/// A small generator with a seed (SplitMix64, Steele, Lea and Flood 2014).
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Files that between them use everything the reader knows.
private let samples: [[UInt8]] = {
  let conductor: [UInt8] =
    [0x00, 0xFF, 0x03, 0x02, 0x41, 0x62, 0x00, 0xFF, 0x58, 0x04, 0x06, 0x03, 0x18, 0x08]
    + [0x00, 0xFF, 0x51, 0x03, 0x07, 0xA1, 0x20, 0x83, 0x60, 0xFF, 0x51, 0x03, 0x06, 0x1A, 0x80]
    + [0x10, 0xFF, 0x06, 0x03, 0x78, 0x79, 0x7A, 0x00, 0xF0, 0x02, 0x01, 0x02, 0x00, 0xF7, 0x02, 0x03, 0xF7]
    + end(0x7F)
  let melody: [UInt8] =
    [0x00, 0xC0, 0x05, 0x00, 0xB0, 0x07, 0x64, 0x00, 0x90, 0x3C, 0x40, 0x30, 0x3E, 0x41, 0x30, 0x3C, 0x00]
    + [0x00, 0x40, 0x22, 0x10, 0xE0, 0x00, 0x60, 0x00, 0xD0, 0x33, 0x00, 0xA0, 0x40, 0x22]
    + [0x20, 0x80, 0x3E, 0x10, 0x05, 0x40, 0x10, 0x00, 0x90, 0x40, 0x20] + end(0x10)
  let parallel = file(format: 1, division: [0, 96], conductor, melody, melody)
  return [
    file(format: 0, melody), file(format: 0, division: [0x7F, 0xFF], melody), parallel,
    file(format: 2, conductor, melody, melody), file(format: 1, division: [0xE3, 0x04], conductor, melody),
    riff(riffChunk("DISP", [1, 2, 3]), riffChunk("data", parallel)),
  ]
}()

@Suite struct HostileFileTests {
  @Test(arguments: samples.indices)
  func theSamplesAreWhole(sample: Int) throws {
    let sequence = try SMFReader.read(samples[sample])
    #expect(brokenPromise(sequence) == nil)
    #expect(sequence.warnings.filter(\.isBreak).isEmpty)
    #expect(sequence.noteCount % 4 == 0 && sequence.noteCount > 0)
  }

  @Test(arguments: samples.indices)
  func everyBeginningOfAFileIsRefusedOrPlaysPartOfIt(sample: Int) throws {
    let whole = samples[sample]
    var unseen: [String: Int] = [:]
    for event in try SMFReader.read(whole).events { unseen["\(event)", default: 0] += 1 }
    var readable = 0
    for length in 0..<whole.count {
      let beginning = Array(whole[..<length])
      if refusal(beginning) != nil { continue }
      readable += 1
      let part = try SMFReader.read(beginning)
      #expect(brokenPromise(part) == nil, "\(length) bytes")
      // Note-offs may be others: a note whose own was cut away ends where the file ends.
      var left = unseen
      for event in part.events where event.kind != .noteOff {
        left["\(event)", default: 0] -= 1
        #expect(left["\(event)", default: 0] >= 0, "\(event) in \(length) bytes")
      }
    }
    // Only what ends before the first event's last byte is refused.
    #expect(readable > whole.count / 2)
  }

  @Test func everyBeginningOfOneTrackPlaysTheSameEventsUpToItsEnd() throws {
    let whole = try SMFReader.read(samples[0]).events.filter { $0.kind != .noteOff }
    var longest = 0
    for length in 25..<samples[0].count {
      let part = try SMFReader.read(Array(samples[0][..<length])).events.filter { $0.kind != .noteOff }
      #expect(part.count >= longest)
      #expect(part == Array(whole.prefix(part.count)))
      longest = part.count
    }
    #expect(longest == whole.count)
  }

  @Test func twentyThousandDamagedFilesAreRefusedOrRead() {
    var random = Seeded(state: 2)
    var read = 0
    var refused = 0
    for round in 0..<20_000 {
      let bytes = damaged(samples[round % samples.count], &random)
      do throws(SMFError) {
        let sequence = try SMFReader.read(bytes)
        read += 1
        if let broken = brokenPromise(sequence) { Issue.record("round \(round): \(broken)") }
      } catch {
        refused += 1
        if error.byteOffset > max(bytes.count, 8) { Issue.record("round \(round): \(error)") }
      }
    }
    #expect(read > 5000)
    #expect(refused > 500)
  }

  /// One to eight damages: a changed byte, a changed bit, a lost, doubled or inserted piece, a lost tail.
  private func damaged(_ whole: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = whole
    for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let piece = place..<min(bytes.count, place + Int.random(in: 1...12, using: &random))
      switch Int.random(in: 0..<12, using: &random) {
      case 0...4: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 5...7: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 8: bytes.removeSubrange(piece)
      case 9: bytes.insert(contentsOf: bytes[piece], at: place)
      case 10: bytes.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0x7F], at: place)
      default: bytes.removeLast(bytes.count - place)
      }
    }
    return bytes
  }

  @Test func aHundredThousandTemposAreRead() throws {
    var body: [UInt8] = []
    for index in 0..<100_000 { body += [0x01, 0xFF, 0x51, 0x03, 0x07, UInt8(index & 0xFF), 0x20] }
    let sequence = try SMFReader.read(file(body + end()))
    #expect(sequence.tempos.count == 100_000)
    #expect(sequence.tempos.last == MIDITempo(tick: 100_000, microsecondsPerQuarter: 0x079F20))
  }

  @Test func chunkHeadsWithoutEndAreOneForwardPass() throws {
    // Each claims the rest of the file and more, and ends at once: nested claims must not be read again.
    let heads = [[UInt8]](repeating: chunk("MTrk", end(), declared: 0x7FFF_FFFF), count: 4000).flatMap { $0 }
    let sequence = try SMFReader.read(file(format: 1, declaredTracks: 4000) + heads)
    #expect(sequence.tracks.count == 4000)
    #expect(sequence.warnings.count == 100)
    #expect(sequence.omittedWarnings == 4000 - 100)
  }

  @Test func aMegabyteOfGarbageIsOneWarning() throws {
    let garbage = [[UInt8]](repeating: [0x4D, 0x54, 0x72, 0x00], count: 1 << 18).flatMap { $0 }
    let sequence = try SMFReader.read(file(declaredTracks: 1) + garbage + trackChunk(end()))
    #expect(sequence.warnings == [MIDIWarning(kind: .garbageSkipped(1 << 20), byteOffset: 14)])
  }
}
