import Foundation
import MIDI
import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// The demonstration piece through the renderer, against the `fluidsynth` program that renders the same file.
@Suite struct GoldenTests {
  private static let program = "/usr/bin/fluidsynth"
  private static let otherFont = "/usr/share/sounds/sf2/TimGM6mb.sf2"
  private static var hasProgram: Bool { FileManager.default.isExecutableFile(atPath: program) }
  private static var fonts: [String] {
    [HandTurnedEngine.seedFont] + (FileManager.default.fileExists(atPath: otherFont) ? [otherFont] : [])
  }

  private static var file: String {
    let root = HandTurnedEngine.seedFont.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    return root.joined(separator: "/") + "/config/demo/demo.mid"
  }

  /// 40 seconds of the piece, rendered here.
  private func ours(_ font: String, frames: Int) throws -> Sound {
    let sequence = try SMFReader.read(Array(Data(contentsOf: URL(fileURLWithPath: Self.file))))
    var song = Song(changes: sequence.tempos.map { TempoChange(tick: $0.tick, bpm: $0.bpm) })
    song.midi(key: 1, at: 0, length: sequence.lengthTicks, sequence.events.map(Self.event))
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    try hand.installBank(on: 0, soundfont: font)
    hand.send(.play, tick: 0)
    return hand.render(frames)
  }

  private static func event(_ event: MIDIEvent) -> ClipEvent {
    let kind: ClipEvent.Kind =
      switch event.kind {
      case .noteOff: .noteOff
      case .controller: .controller
      case .program: .program
      case .pitchBend: .pitchBend
      case .channelPressure: .channelPressure
      case .polyPressure: .keyPressure
      case .noteOn: .noteOn
      }
    return ClipEvent(
      tick: event.tick, kind: kind, channel: event.channel, data1: event.data1, data2: event.data2)
  }

  /// The same from the program: raw little-endian floats, left and right by turns.
  private func theirs(_ font: String) throws -> Sound {
    let output = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).raw")
    defer { try? FileManager.default.removeItem(at: output) }  // A leftover in /tmp harms nobody.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.program)
    process.arguments = [
      "-ni", "-q", "-R", "0", "-C", "0", "-r", "48000", "-z", "64", "-T", "raw", "-O", "float", "-F",
      output.path, font, Self.file,
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let bytes = try Data(contentsOf: output)
    var sound = Sound()
    bytes.withUnsafeBytes { raw in
      for frame in 0..<raw.count / 8 {
        sound.left.append(raw.loadUnaligned(fromByteOffset: 8 * frame, as: Float.self))
        sound.right.append(raw.loadUnaligned(fromByteOffset: 8 * frame + 4, as: Float.self))
      }
    }
    return sound
  }

  @Test(.enabled(if: hasProgram), arguments: 0..<2)
  func `a song has the level and the envelope that fluidsynth gives it`(font: Int) throws {
    guard font < Self.fonts.count else { return }
    let whole = try theirs(Self.fonts[font])
    #expect(whole.frames > 60 * 48_000)
    let theirs = whole[0..<40 * 48_000]
    let ours = try ours(Self.fonts[font], frames: theirs.frames)
    #expect(abs(decibels(ours.power(0..<ours.frames)) - decibels(theirs.power(0..<ours.frames))) < 0.25)
    // Second by second. Layers of one note beat against each other from where each begins, and the program
    // begins notes at most a block later: that is what may differ.
    var differences: [Double] = []
    for start in stride(from: 0, to: ours.frames, by: 48_000) {
      let window = start..<start + 48_000
      differences.append(abs(decibels(ours.power(window)) - decibels(theirs.power(window))))
    }
    #expect(differences.max() ?? .infinity < 1)
    #expect(differences.sorted()[20] < 0.25)
  }

  private func decibels(_ power: Double) -> Double { 10 * log10(max(power, 1e-15)) }
}

extension Sound {
  /// The mean square of both channels.
  fileprivate func power(_ range: Range<Int>) -> Double {
    var sum = 0.0
    for frame in range {
      sum += Double(left[frame]) * Double(left[frame]) + Double(right[frame]) * Double(right[frame])
    }
    return sum / Double(2 * range.count)
  }
}
