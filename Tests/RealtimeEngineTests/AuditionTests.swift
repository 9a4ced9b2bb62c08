import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct AuditionTests {
  private let clip = AudioClip.sine(hertz: 440, frames: 9600, amplitude: 0.4)

  private func content(gain: Float = 1, frames: Int64 = 9600) -> AuditionContent {
    AuditionContent(
      audio: ScheduledAudio(
        left: clip.left, right: clip.right, isMono: false, offset: 0, passFrames: 9600, passes: 1, skip: 0),
      frames: frames, gain: gain, owner: clip)
  }

  private func hand() throws -> HandTurnedEngine {
    let hand = try HandTurnedEngine(synthTracks: 0)
    hand.mix([MixWire(strip: EngineLimits.auditionStrip, place: Wire.cue)])
    _ = hand.render(640)
    return hand
  }

  private func retired(_ hand: HandTurnedEngine) -> [UInt] {
    hand.notices.compactMap { if case .retiredAudition = $0.kind { $0.address } else { nil } }
  }

  @Test func `a clip plays once on the cue and not on main, whatever the transport does`() throws {
    let hand = try hand()
    let content = content(gain: 0.5)
    hand.send(.audition, address: content.address)
    let sound = hand.render(12_800)
    #expect(sound.isSilent)
    let differing = (0..<9600).first { hand.cue.left[$0] != 0.5 * clip.left[$0] }
    #expect(differing == nil)
    #expect(hand.cue[9600..<12_800].isSilent)
    #expect(retired(hand) == [content.address])
  }

  @Test func `another one, or none, takes its place after a fade, and each comes back once`() throws {
    let hand = try hand()
    let contents = [content(), content(), content()]
    hand.send(.audition, address: contents[0].address)
    _ = hand.render(1280)
    hand.send(.audition, address: contents[1].address)
    hand.send(.audition, address: contents[2].address)
    _ = hand.render(2560)
    #expect(hand.cue.largestStep() < 0.4 * 0.0576 + 0.4 / 240)
    hand.send(.audition)
    _ = hand.render(2560)
    #expect(hand.cue[320..<2560].isSilent)
    #expect(retired(hand) == [contents[1].address, contents[0].address, contents[2].address])
  }

  @Test func `notes play on the hidden track's synths, and what is held at the end is let go`() throws {
    let hand = try hand()
    try hand.installBank(on: EngineLimits.auditionStrip)
    let events = [
      AuditionEvent(frame: 0, event: Notes.program(0, Notes.toneProgram)),
      AuditionEvent(frame: 4800, event: Notes.on(0, 69)),
    ]
    let content = AuditionContent(events: events, frames: 24_000, gain: 1)
    hand.send(.audition, address: content.address)
    let sound = hand.render(96_000)
    #expect(sound.isSilent)
    let onset = try #require(hand.cue.firstSounding())
    #expect(abs(onset - 4800) <= 64)
    #expect(!hand.cue[20_000..<23_000].isSilent && hand.cue[90_000..<96_000].isSilent)
    #expect(retired(hand) == [content.address])
  }

  @Test func `panic ends it`() throws {
    let hand = try hand()
    let content = content()
    hand.send(.audition, address: content.address)
    _ = hand.render(1280)
    hand.send(.panic)
    _ = hand.render(4800)
    #expect(hand.cue[480..<4800].isSilent && retired(hand) == [content.address])
  }
}
