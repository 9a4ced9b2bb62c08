import Foundation
import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// What has gone wrong in other engines and is nobody else's subject here.
@Suite struct TrapTests {
  @Test func `solo, mute and deletion of a sounding region in one cycle leave silence and no voice`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 9600, Notes.tones([(0, 9600, 60), (0, 9600, 67)]))
    song.audio(key: 2, at: 0, length: 9600, .constant(0.25, frames: 240_000), RegionShape(track: 1))
    let hand = try HandTurnedEngine(song)
    hand.send(.play, tick: 0)
    #expect(hand.render(9600).peak() > 0.25)
    #expect(hand.report.voices == 2 && hand.report.audioVoices == 1)
    hand.send(.trackSolo, track: 0, value: 1)
    hand.send(.trackMute, track: 0, value: 1)
    song.remove(key: 1)
    try hand.take(song)
    let sound = hand.render(48_000)
    // Ramps of 5 ms, and the tone's release.
    #expect(sound[24_000..<48_000].isSilent)
    #expect(sound.largestStep(1..<2400) < 0.1)
    #expect(hand.report.voices == 0)
    // The other track plays on, unheard, and is heard again in its place.
    hand.send(.trackSolo, track: 0, value: 0)
    #expect(hand.render(1280).left[1279] == 0.25)
  }

  @Test(arguments: [32, 256, 8192]) func `a loop shorter than a period goes around within it`(block: Int)
    throws
  {
    // 50 ticks are 1,250 frames: six passes and more in a period of 8,192.
    func song() -> Song {
      var song = Song()
      song.midi(key: 1, at: 0, length: 960, Notes.clicks([10, 30]))
      song.audio(
        key: 2, at: 0, length: 960, .sine(hertz: 200, frames: 24_000, amplitude: 0.1), RegionShape(track: 1))
      song.loop = 0..<50
      return song
    }
    let reference = try HandTurnedEngine.play(song(), frames: 65_536, block: 64)
    let sound = try HandTurnedEngine.play(song(), frames: 65_536, block: block)
    #expect(sound == reference)
    #expect(sound.peak(60_000..<65_536) > 0.1)
  }

  @Test func `a program and a bank that the font lacks play another, and nothing is printed`() throws {
    var song = Song()
    song.midi(
      key: 1, at: 0, length: 960,
      Notes.sorted([
        Notes.controller(0, 0, 99), Notes.program(0, 113), Notes.on(10, 60), Notes.off(400, 60),
        Notes.program(20, 126, channel: 9), Notes.on(30, 36, channel: 9), Notes.off(400, 36, channel: 9),
      ]))
    let hand = try HandTurnedEngine(song)
    var sound = Sound()
    let printed = try standardError {
      hand.send(.play, tick: 0)
      sound = hand.render(24_000)
    }
    #expect(sound.peak() > 0.01)
    #expect(!printed.contains("fluidsynth"), "\(printed)")
  }

  @Test func `a schedule replaced before the renderer has looked at it comes back untouched`() throws {
    let hand = try HandTurnedEngine(synthTracks: 0)
    var revisions: [UInt64] = []
    for pass in 0..<20 {
      var song = Song()
      song.audio(key: UInt64(pass + 1), at: 0, length: 960, .constant(0.1, frames: 24_000))
      revisions.append(try hand.take(song))
    }
    hand.send(.play, tick: 0)
    #expect(hand.render(4096).left[4095] == 0.1)
    #expect(hand.report.scheduleRevision == revisions.last)
    let returned = hand.notices.count { if case .retiredSchedule = $0.kind { true } else { false } }
    #expect(returned >= revisions.count - 1)
  }

  /// What is written on standard error meanwhile, by anybody in the process.
  private func standardError(_ body: () throws -> Void) throws -> String {
    let path = "/tmp/garden-trap-\(UUID().uuidString)"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    let kept = dup(STDERR_FILENO)
    try #require(file >= 0 && kept >= 0)
    defer {
      unlink(path)
      close(file)
      close(kept)
    }
    fflush(nil)
    dup2(file, STDERR_FILENO)
    defer { dup2(kept, STDERR_FILENO) }
    try body()
    return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }
}
