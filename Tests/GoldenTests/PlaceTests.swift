import Arrangement
import Foundation
import MIDI
import Testing

/// Audio regions on their exact frame.
@Suite struct PlaceTests {
  private let studio: Studio
  private let tempo = TempoSteps([(0, 437_956), (1_919, 531_911), (4_001, 60_061), (9_000, 2_999_999)])
  private let frames = 3_000

  init() throws { studio = try Studio() }

  private func ramp() throws -> (path: String, values: [Float]) {
    let values = (0..<frames).map { Float($0 + 1) / 4_000 }
    return (try studio.write(WAV.floats([values, values]), "ramp.wav"), values)
  }

  /// 16 places in one render, far enough from each other; 100 is no multiple of the engine's 64 frames.
  @Test(arguments: [[], ["--block", "100"]])
  func `The first sample of a region is on its exact frame and every other follows it`(block: [String]) throws
  {
    let (path, values) = try ramp()
    let ticks = (0..<16).map { Int64($0) * 797 + 1 }
    var session = try Session(tempo)
    let due = ticks.map { tempo.frame($0) }
    var kept: [Int] = []
    for (tick, frame) in zip(ticks, due) where frame >= (kept.last ?? -frames) + frames {
      try session.add(path, frames: frames, at: tick)
      kept.append(frame)
    }
    let sound = try studio.finish(studio.startRender([], session.flags(in: studio) + block)).sound
    #expect(kept.count > 8)
    var end = 0
    for begin in kept {
      #expect(sound.isSilent(end..<begin))
      #expect(
        values.indices.allSatisfy {
          sound.left(begin + $0) == values[$0] && sound.right(begin + $0) == values[$0]
        })
      end = begin + frames
    }
    #expect(sound.isSilent(end..<sound.frames))
  }

  @Test func `A file is rendered from one of its markers to another`() throws {
    let events = (0..<8).flatMap { Note.click(Int64($0) * 960) }
    let markers = [MIDIMarker(tick: 1_920, name: "verse"), MIDIMarker(tick: 4_700, name: "chorus")]
    let midi = SMFWriter.write(MIDISequence(events: events, tempos: tempo.steps, markers: markers))
    let range = ["--from", "@verse", "--to", "@chorus"]
    let render = try studio.render(midi: midi, flags: Studio.plain + range)
    let begin = tempo.frame(1_920)
    #expect(render.sound.frames == tempo.frame(4_700) - begin)
    let onsets = render.sound.onsets(gap: 2_000)
    #expect(onsets.count == 3)
    for (onset, beat) in zip(onsets, [2, 3, 4] as [Int64]) {
      #expect(abs(onset - (tempo.frame(beat * 960) - begin)) <= 32)
    }
  }

  @Test func `An offset, a loop and a gain are exact`() throws {
    let (path, values) = try ramp()
    var session = try Session(tempo)
    try session.add(path, frames: frames, at: 961) { region in
      region.offsetSeconds = 0.025
      region.loops = 3
      region.gainDB = -20 * log10(2)
    }
    let sound = try studio.finish(studio.startRender([], session.flags(in: studio))).sound
    // 0.025 s are 1,200 frames, so a pass has 1,800.
    let begin = tempo.frame(961)
    #expect(sound.isSilent(0..<begin))
    let wrong = (0..<(3 * 1_800)).first { frame in
      let due = values[1_200 + frame % 1_800] / 2
      return abs(sound.left(begin + frame) - due) >= due * 1e-6
    }
    #expect(wrong == nil)
    #expect(sound.isSilent((begin + 3 * 1_800)..<sound.frames))
  }
}
