import Foundation
import MIDI
import Media
import Testing

/// The demonstration piece against `fluidsynth -F`.
///
/// Its chorus and its reverb are moved by slow oscillators that run from the program's start. Here those of a track stand
/// still while it is silent, so with effects the two swing differently: the peer differs as much from itself when the
/// same song begins 0.7 s later. Where no track falls silent the two are compared sample by sample, effects and all.
@Suite(.serialized) struct PeerTests {
  private let studio: Studio

  init() throws { studio = try Studio() }

  static let parts = ["lead", "chords", "bass", "drums"]

  private func demo(_ name: String) throws -> MIDISequence {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(Studio.root)/config/demo/\(name).mid"))
    return try SMFReader.read([UInt8](data))
  }

  /// Both renders of a file, made at the same time.
  private func both(_ midi: String, font: String, effects: Bool) throws -> (ours: Render, peer: Sound) {
    let peer = try studio.startPeer(midi, font: font, effects: effects)
    let flags = ["--no-limiter", "--soundfont", font] + (effects ? [] : ["--no-effects"])
    let ours = try studio.finish(studio.startRender([midi], flags))
    let outcome = try peer.wait()
    try #require(outcome.status == 0, "fluidsynth: \(outcome.error)")
    return (ours, try Sound(wav: studio.file("peer.wav")))
  }

  // MARK: By level, length and envelope

  private static let audible = 0.001

  /// −60 dBFS and more, in windows of 100 ms.
  private func expectAlike(_ ours: Render, _ peer: Sound, correlationAbove least: Double, steady: Double)
    throws
  {
    let (mine, theirs) = (ours.sound.envelope(seconds: 0.1), peer.envelope(seconds: 0.1))
    #expect(correlation(mine, theirs) > least, "\(correlation(mine, theirs))")
    let slow = correlation(coarser(mine), coarser(theirs))
    #expect(slow > steady, "\(slow)")
    let differences = zip(mine, theirs).filter { $1 > Self.audible }.map { decibels($0 / $1) }
    #expect(differences.count > 50)
    #expect(abs(median(differences)) < 0.5, "\(median(differences)) dB")
    let ends = [mine, theirs].map { ($0.lastIndex { $0 > Self.audible } ?? 0) + 1 }
    #expect(abs(ends[0] - ends[1]) <= 2, "the music lasts \(ends[0]) and \(ends[1]) tenths of a second")
    let loudness = try #require(try LoudnessMeter.measure(path: studio.file("peer.wav")).integratedLUFS)
    let own = try #require(ours.report.integratedLufs)
    #expect(abs(own - loudness) < 0.5, "\(own) and \(loudness) LUFS")
    #expect(ours.report.notesRefused == 0 && ours.report.voicesStolen == 0)
  }

  /// Windows of a second from windows of 100 ms.
  private func coarser(_ envelope: [Double]) -> [Double] {
    (0..<(envelope.count / 10)).map { second in
      (envelope[(10 * second)..<(10 * second + 10)].reduce(0) { $0 + $1 * $1 } / 10).squareRoot()
    }
  }

  @Test func `The whole piece with effects is the peer's in loudness, length and envelope`() throws {
    let (ours, peer) = try both(
      "\(Studio.root)/config/demo/demo.mid", font: Studio.generalFont, effects: true)
    try expectAlike(ours, peer, correlationAbove: 0.98, steady: 0.99)
  }

  @Test(arguments: parts)
  func `Each part with effects is the peer's in loudness, length and envelope`(part: String) throws {
    // 33 s reach over the first change of tempo, at 30.
    let midi = try studio.write(cut(demo(part), beats: 53), "part.mid")
    let (ours, peer) = try both(midi, font: Studio.generalFont, effects: true)
    try expectAlike(ours, peer, correlationAbove: 0.97, steady: 0.99)
  }

  private func cut(_ sequence: MIDISequence, beats: Int64) throws -> [UInt8] {
    let end = beats * 960
    // A note that sounds there loses its end, and the reader gives it one.
    let events = sequence.events.filter { $0.tick <= end && ($0.kind != .noteOn || $0.tick < end) }
    let open = MIDISequence(
      events: events, lengthTicks: end, tempos: sequence.tempos.filter { $0.tick < end })
    return SMFWriter.write(try SMFReader.read(SMFWriter.write(open)))
  }

  // MARK: Sample by sample

  /// FluidSynth lets a note's level rise over 64 frames from what the same voice slot played last, so the first 64 frames
  /// of a note depend on which slot it gets. Everything else is the same arithmetic.
  @Test(arguments: parts + ["demo"])
  func `Without effects all but the first 64 frames of notes is the peer's own samples`(part: String) throws {
    let grid = CommonGrid(try demo(part), seconds: 33)
    let font = part == "lead" || part == "drums" ? Studio.generalFont : Studio.seedFont
    let (ours, peer) = try both(studio.write(grid.bytes, "grid.mid"), font: font, effects: false)
    let differences = ours.sound.differences(to: peer)
    let different = differences.indices.filter { differences[$0] > 3e-6 }
    #expect(Set(different).isSubset(of: grid.attacks))
    #expect(grid.attacks.count > 20 && ours.sound.peak(0..<ours.sound.frames) > 0.01)
    // And there they come from the same place: the worst one is 12 dB below the loudest sound.
    #expect((differences.max() ?? 1) < ours.sound.peak(0..<ours.sound.frames) / 4)
  }

  // A part's channels have a reverb and a chorus on each of four synths, whose slow waves begin when the first note
  // wakes them; the peer has one of each, and it begins with the program.
  @Test func `With effects the piece is the peer's own sound, 20 dB above the difference`() throws {
    let grid = CommonGrid(try demo("demo"), seconds: 33)
    let (ours, peer) = try both(studio.write(grid.bytes, "grid.mid"), font: Studio.seedFont, effects: true)
    var (signal, error) = (0.0, 0.0)
    let count = min(ours.sound.samples.count, peer.samples.count)
    for index in 0..<count {
      let (mine, theirs) = (Double(ours.sound.samples[index]), Double(peer.samples[index]))
      signal += theirs * theirs
      error += (mine - theirs) * (mine - theirs)
    }
    #expect(10 * log10(error / signal) < -20, "\(10 * log10(error / signal)) dB")
  }
}
