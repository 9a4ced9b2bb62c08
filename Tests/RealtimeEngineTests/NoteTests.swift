import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct NoteTests {
  private func play(_ events: [ClipEvent], _ notes: NoteShape = NoteShape(), frames: Int = 24_000) throws
    -> Sound
  {
    var song = Song()
    song.midi(key: 1, at: 0, length: 960, events, notes: notes)
    return try HandTurnedEngine.play(song, frames: frames)
  }

  @Test func `transposing by an octave doubles a tone's frequency`() throws {
    let up = try play(Notes.tones([(0, 900, 69)]), NoteShape(transpose: 12))
    #expect(try up == play(Notes.tones([(0, 900, 81)])))
    #expect(up.amplitude(hertz: 880, 4000..<20_000) > 0.029)
    #expect(up.amplitude(hertz: 440, 4000..<20_000) < 0.001)
  }

  @Test func `drums are not transposed`() throws {
    let plain = try play(Notes.clicks([100]))
    #expect(try play(Notes.clicks([100]), NoteShape(transpose: 5)) == plain)
    #expect(plain.peak() > 0.05)
  }

  @Test func `a key transposed off the keyboard is left out, and its note-off with it`() throws {
    let sound = try play(Notes.tones([(0, 400, 120), (100, 400, 60)]), NoteShape(transpose: 12))
    #expect(try sound == play(Notes.tones([(100, 400, 72)])))
  }

  @Test func `the velocity scale scales velocities, within 1 and 127`() throws {
    let half = try play(Notes.tones([(0, 400, 69)], velocity: 80), NoteShape(velocityScale: 0.5))
    #expect(try half == play(Notes.tones([(0, 400, 69)], velocity: 40)))
    let loud = try play(Notes.tones([(0, 400, 69)], velocity: 80), NoteShape(velocityScale: 10))
    #expect(try loud == play(Notes.tones([(0, 400, 69)], velocity: 127)))
    let soft = try play(Notes.tones([(0, 400, 69)], velocity: 80), NoteShape(velocityScale: 0))
    #expect(try soft == play(Notes.tones([(0, 400, 69)], velocity: 1)))
  }

  @Test func `a channel of the region's own takes every note`() throws {
    let events = [
      Notes.on(100, Notes.clickKey, channel: 3, velocity: 127), Notes.off(124, Notes.clickKey, channel: 3),
    ]
    #expect(try play(events, NoteShape(channel: 9)) == play(Notes.clicks([100])))
  }

  @Test func `a program of the region's own goes over the clip's`() throws {
    let events = [Notes.program(0, 20), Notes.on(10, 69), Notes.program(50, 40), Notes.off(400, 69)]
    let plain = [Notes.program(0, Notes.toneProgram), Notes.on(10, 69), Notes.off(400, 69)]
    #expect(try play(events, NoteShape(program: 79)) == play(plain))
  }

  @Test func `a bank of the region's own goes over the clip's`() throws {
    let events = [
      Notes.controller(0, 0, 5), Notes.on(100, Notes.clickKey, velocity: 127), Notes.off(124, Notes.clickKey),
    ]
    let drums = try play(events, NoteShape(bank: 128))
    #expect(try drums.difference(to: play(Notes.clicks([100]))) < 1e-7)
  }

  @Test func `a key held twice within a region is let go with the last note-off`() throws {
    let sound = try play([
      Notes.program(0, 79), Notes.on(0, 69), Notes.on(100, 69), Notes.off(200, 69), Notes.off(600, 69),
    ])
    #expect(sound.amplitude(hertz: 440, 8000..<14_000) > 0.029)
    #expect(sound[18_000..<24_000].isSilent)
  }

  @Test func `note-ons beyond the limit of a grid block are refused and counted`() throws {
    var song = Song()
    // 300 notes for the synth that has channels 0, 4 and 8.
    let events = (0..<300).map { (index: Int) -> ClipEvent in
      let channel = UInt8(4 * (index / 100))
      return Notes.on(10, UInt8(10 + index % 100), channel: channel)
    }
    song.midi(key: 1, at: 0, length: 960, events)
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    _ = hand.render(4800)
    #expect(hand.report.notesRefused == 100)
    #expect(hand.report.notesStarted == 200)
    hand.send(.pause)
    _ = hand.render(96_000)
    #expect(hand.report.voices == 0)
  }

  @Test func `the seventeenth region at once on one track is refused and told`() throws {
    var song = Song()
    for key in 1...18 {
      song.midi(key: UInt64(key), at: 0, length: 960, Notes.tones([(0, 900, UInt8(50 + key))]))
    }
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    _ = hand.render(4800)
    let refused = hand.notices.filter { if case .regionRefused = $0.kind { true } else { false } }
    #expect(refused.map(\.id) == [17, 18])
    #expect(hand.report.regionsRefused == 2 && hand.report.midiPlayers == 16)
  }
}
