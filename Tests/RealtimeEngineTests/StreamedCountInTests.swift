import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// A count-in over files that stream: they have the time of the count.
@Suite struct StreamedCountInTests {
  private func hand() throws -> (HandTurnedEngine, HandReader) {
    var song = Song()
    song.audio(key: 1, at: 0, length: 10_000, .constant(0.5, frames: 250_000))
    let hand = try HandTurnedEngine(song.streaming(as: 7, keys: [1]), synthTracks: 0)
    let reader = HandReader(hand.engine)
    let half = [Float](repeating: 0.5, count: 250_000)
    reader.add(7, left: half, right: half)
    hand.before = { reader.turn() }
    _ = hand.render(512)
    return (hand, reader)
  }

  @Test func `what is read while it counts sounds from the first frame of the music`() throws {
    let (hand, reader) = try hand()
    reader.isStalled = true
    let id = hand.send(.play, tick: 4000, value: 1)
    // A bar is 96,000 frames; the disk takes all of it but a tenth of a second.
    var sound = hand.render(91_200)
    let music = Int(try #require(hand.landed(id)).frame) - 512
    #expect((96_000..<96_128).contains(music))
    #expect(sound.isSilent)
    reader.isStalled = false
    sound += hand.render(9600)
    #expect(sound.left[music - 1] == 0)
    // Entered midway, so it fades in over 5 ms.
    #expect(sound.left[music + 1] > 0)
    #expect(sound.left[music + 240] == 0.5)
    #expect(hand.report.starvations == 0)
  }

  @Test func `a disk that does not come makes nobody wait`() throws {
    let (hand, reader) = try hand()
    reader.isStalled = true
    let id = hand.send(.play, tick: 4000, value: 1)
    let sound = hand.render(97_280)
    let music = Int(try #require(hand.landed(id)).frame) - 512
    #expect(sound.isSilent)
    #expect(hand.report.rolling)
    #expect(hand.report.playheadFrame == Int64(100_000 + 97_280 - music))
    #expect(hand.report.starvations == 1)
    reader.isStalled = false
    let back = hand.render(9600)
    #expect(back.left[5000] == 0.5)
  }
}
