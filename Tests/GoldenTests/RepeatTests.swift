import Foundation
import MIDI
import Testing

/// The same files give the same bytes.
@Suite struct RepeatTests {
  private let studio: Studio

  init() throws { studio = try Studio() }

  /// Two MIDI tracks with the general font's chords and drums, effects and limiter on, and audio that is mono, stereo
  /// and resampled, loud enough for the limiter.
  private func scene(beats: Int) throws -> [String] {
    var chords = [0, 5].map { Note.program(UInt8($0 * 8), channel: UInt8($0)) }
    var drums: [MIDIEvent] = []
    for beat in 0..<Int64(beats) {
      for (index, key) in [48, 55, 60, 64].enumerated() {
        chords += Note.sine(
          beat * 960 + Int64(index) * 37, 800, key: UInt8(key) + UInt8(beat % 5), velocity: 110,
          channel: index < 2 ? 0 : 5)
      }
      for (offset, key) in [(0, 36), (240, 42), (480, 38), (720, 42)] {
        drums += Note.sine(beat * 960 + Int64(offset), 100, key: UInt8(key), channel: 9)
      }
    }
    let tempo = [MIDITempo(tick: 0, microsecondsPerQuarter: 437_956)]
    func noise(_ frames: Int, _ seed: UInt32) -> [Float] {
      var state = seed
      return (0..<frames).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return Float(Int32(bitPattern: state)) / Float(Int32.max) * 0.7
      }
    }
    let length = beats * 21_000
    return [
      try studio.write(SMFWriter.write(MIDISequence(events: chords, tempos: tempo)), "chords.mid"),
      try studio.write(SMFWriter.write(MIDISequence(events: drums, tempos: tempo)), "drums.mid"),
      try studio.write(WAV.floats([noise(length, 1)]), "mono.wav"),
      try studio.write(WAV.floats([noise(length / 2, 2), noise(length / 2, 3)]), "stereo.wav"),
      try studio.write(
        WAV.floats([noise(length / 2, 4), noise(length / 2, 5)], rate: 44_100), "resampled.wav"),
    ]
  }

  private func bytes(_ files: [String], _ flags: [String]) throws -> Data {
    let render = try studio.finish(studio.startRender(files, ["--soundfont", Studio.generalFont] + flags))
    #expect(render.report.notesStarted >= 8 && !render.report.silent && render.report.regionsStarted == 5)
    return try Data(contentsOf: URL(fileURLWithPath: studio.file("render.wav")))
  }

  @Test func `Every block size gives the same bytes`() throws {
    let files = try scene(beats: 6)
    let first = try bytes(files, ["--block", "16"])
    for block in [100, 512, 8_192] {
      #expect(try bytes(files, ["--block", "\(block)"]) == first, "\(block)")
    }
  }

  @Test func `20 runs give the same bytes`() throws {
    let files = try scene(beats: 1)
    let first = try bytes(files, [])
    for run in 2...20 { #expect(try bytes(files, []) == first, "run \(run)") }
  }
}
