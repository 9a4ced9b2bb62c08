import Foundation
import MusicalTime
import RealtimeBench
import RealtimeEngine
import Testing

/// Lanes of gain and pan, heard on a constant: a beat is 24,000 frames.
@Suite struct AutomationTests {
  private static let dc = AudioClip.constant(0.5, frames: 480_000)
  private static let grid = EngineLimits.gridFrames

  private func gain(_ points: [(Tick, Double, LanePoint.Shape)]) -> AutomationContent {
    AutomationContent(gain: points.map { Self.point($0.0, $0.1, $0.2) })
  }

  private static func point(_ tick: Tick, _ decibels: Double, _ shape: LanePoint.Shape) -> LanePoint {
    LanePoint(
      tick: tick, value: decibels <= -120 ? 0 : Float(pow(10, decibels / 20)), decibels: Float(decibels),
      shape: shape)
  }

  private func song(_ clip: AudioClip = dc, at start: Tick = 0) -> Song {
    var song = Song()
    song.audio(key: 1, at: start, length: 9600, clip)
    return song
  }

  private func played(_ song: Song, from tick: Double = 0, frames: Int) throws -> Sound {
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: tick)
    return hand.render(frames)
  }

  /// The largest difference at any grid line, in dB, where the formula is above −80 dB.
  private func error(_ sound: Sound, frames: Range<Int>, _ level: (Double) -> Double) -> Double {
    stride(from: frames.lowerBound, to: frames.upperBound, by: Self.grid).reduce(0.0) { worst, frame in
      let wanted = 0.5 * level(Double(frame))
      guard wanted > 0.5e-4 else { return worst }
      return max(worst, abs(20 * log10(Double(sound.left[frame]) / wanted)))
    }
  }

  @Test(arguments: [LanePoint.Shape.linear, .decibels, .s])
  func `a track's gain is the formula's at every grid line`(shape: LanePoint.Shape) throws {
    var song = song()
    // From −60 dB at beat 1 to 0 dB at beat 3.
    song.trackLanes = [0: gain([(960, -60, shape), (2880, 0, .linear)])]
    let sound = try played(song, frames: 96_000)
    let error = error(sound, frames: 0..<96_000) { frame in
      let x = min(1, max(0, (frame - 24_000) / 48_000))
      switch shape {
      case .linear: return 0.001 + 0.999 * x
      case .decibels: return pow(10, (60 * x - 60) / 20)
      default: return 0.001 + 0.999 * (1 - cos(.pi * x)) / 2
      }
    }
    #expect(error < 0.001, "\(error) dB")
  }

  @Test func `between grid lines a curve is off by no more than its chord`() throws {
    var song = song()
    // 120 dB in a tenth of a second: (ln 10 / 20 · 1200 dB/s · 64/48000 s)² / 8 = 0.42 % at most.
    song.trackLanes = [0: gain([(0, -119.999, .decibels), (192, 0, .linear)])]
    let sound = try played(song, frames: 4800)
    for frame in 2400..<4800 {
      let wanted = 0.5 * pow(10, (-119.999 + 119.999 * Double(frame) / 4800) / 20)
      let share = Double(sound.left[frame]) / wanted - 1
      #expect(share > -1e-4 && share < 0.0043, "frame \(frame): \(share)")
    }
  }

  @Test func `silence is silence, and gain multiplies the fader`() throws {
    var song = song()
    song.trackLanes = [0: gain([(0, -120, .hold), (960, -6.0206, .linear)])]
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.trackGain, track: 0, value: 0.5)
    _ = hand.render(640)
    hand.send(.play, tick: 0)
    let sound = hand.render(48_000)
    #expect(sound[0..<23_900].isSilent)
    #expect(abs(sound.left[40_000] - 0.125) < 1e-5)
  }

  @Test func `the end of a hold is a slope of 5 ms`() throws {
    var song = song()
    song.trackLanes = [0: gain([(0, -20, .hold), (963, 0, .hold), (1920, -20, .linear)])]
    let sound = try played(song, frames: 96_000)
    // 0.45 over four grid blocks.
    #expect(sound.largestStep(1..<96_000) <= 0.45 / 256 * 1.01)
    #expect(abs(sound.left[23_900] - 0.05) < 1e-6 && abs(sound.left[24_400] - 0.5) < 1e-6)
    #expect(abs(sound.left[47_900] - 0.5) < 1e-6 && abs(sound.left[48_320] - 0.05) < 1e-6)
  }

  @Test func `a region's points count from its start, whatever the grid`() throws {
    // Its start is at frame 2525: 29 frames behind a grid line.
    var song = song(at: 101)
    song.automate(key: 1, gain([(0, 0, .linear), (960, -120, .linear)]))
    let sound = try played(song, frames: 30_000)
    let error = error(sound, frames: 2560..<26_000) { max(0, 1 - ($0 - 2525) / 24_000) }
    #expect(error < 0.001, "\(error) dB")
    #expect(sound[26_624..<30_000].isSilent)
  }

  @Test func `a region's lane goes with it and its clip, from any place`() throws {
    var song = song(at: 101)
    song.automate(key: 1, gain([(0, 0, .linear), (1920, -120, .linear)]))
    let whole = try played(song, frames: 48_000)
    let midway = try played(song, from: 1061, frames: 10_000)
    // 26,525 frames into the timeline; its entry is hidden by 5 ms.
    for frame in 512..<10_000 {
      #expect(abs(midway.left[frame] - whole.left[frame + 26_525]) < 1e-5, "frame \(frame)")
    }
  }

  @Test(arguments: [true, false]) func `pan is added to the fader's and held`(isMono: Bool) throws {
    let clip = isMono ? AudioClip(left: [Float](repeating: 0.5, count: 200_000)) : Self.dc
    var song = song(clip)
    let points = [(0, -1.0), (960, 0.0), (1920, 1.0)].map {
      LanePoint(tick: Tick($0.0), value: Float($0.1), shape: .linear)
    }
    song.trackLanes = [0: AutomationContent(pan: points)]
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.trackPan, track: 0, value: 0.25)
    _ = hand.render(640)
    hand.send(.play, tick: 0)
    let sound = hand.render(64_000)
    for frame in stride(from: 640, to: 48_000, by: 64) {
      let pan = min(1, Double(frame) / 24_000 - 1 + 0.25)
      let angle = (pan + 1) * .pi / 4
      let left = isMono ? cos(angle) : min(1, 1 - pan)
      let right = isMono ? sin(angle) : min(1, 1 + pan)
      #expect(abs(Double(sound.left[frame]) - 0.5 * left) < 1e-4, "frame \(frame)")
      #expect(abs(Double(sound.right[frame]) - 0.5 * right) < 1e-4, "frame \(frame)")
    }
    #expect(sound.left[60_000] == 0 || abs(sound.left[60_000]) < 1e-6)
  }

  @Test func `a region's pan puts mono material in its place by equal power`() throws {
    var song = song(AudioClip(left: [Float](repeating: 0.5, count: 200_000)))
    song.automate(
      key: 1,
      AutomationContent(pan: [
        LanePoint(tick: 0, value: -1, shape: .square), LanePoint(tick: 960, value: 1, shape: .linear),
      ]))
    let sound = try played(song, frames: 30_000)
    for frame in stride(from: 0, to: 24_000, by: 64) {
      let x = Double(frame) / 24_000
      let angle = 2 * x * x * .pi / 4
      #expect(abs(Double(sound.left[frame]) - 0.5 * cos(angle)) < 1e-4, "frame \(frame)")
      #expect(abs(Double(sound.right[frame]) - 0.5 * sin(angle)) < 1e-4, "frame \(frame)")
    }
  }

  @Test func `a jump of the playhead and around the loop is a slope`() throws {
    // Three clips that sound alike: only the lane changes with the place.
    var song = song()
    song.trackLanes = [0: gain([(0, 0, .linear), (9600, -120, .linear)])]
    song.loop = 4800..<4859
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    var sound = hand.render(4800)
    let start = sound.left[4799]
    hand.send(.locate, tick: 4800)
    sound += hand.render(96_000)
    // The leaving voice fades out while the new one fades in, 5 ms each: half the level between them.
    #expect(sound.largestStep(1..<sound.frames) < start / 240 * 1.1)
    let wanted = 0.5 * (1 - 4_800.0 / 9600)
    #expect(abs(Double(sound.left[4800 + 700]) - wanted) < 0.01)
  }

  @Test func `lanes that come and go while it sounds leave no step`() throws {
    var song = song()
    let hand = try HandTurnedEngine(song, synthTracks: 0)
    hand.send(.play, tick: 0)
    var sound = hand.render(2560)
    song.trackLanes = [0: gain([(0, -40, .linear)])]
    song.automate(key: 1, gain([(0, -6, .linear)]))
    try hand.take(song)
    sound += hand.render(2560)
    #expect(abs(sound.left[5119] - 0.5 * Float(pow(10, -46 / 20.0))) < 1e-6)
    song.trackLanes = [:]
    song.regions[0] = RegionEntry(region: song.regions[0].region, content: song.regions[0].content)
    try hand.take(song)
    sound += hand.render(2560)
    #expect(abs(sound.left[7679] - 0.5) < 1e-6)
    // Both lanes move at once: 0.99 and 0.5 of the level over four grid blocks.
    #expect(sound.largestStep(1..<sound.frames) < 0.5 * 1.49 / 256 * 1.02)
  }

  @Test func `a MIDI region's lanes move its own notes alone`() throws {
    var song = Song()
    song.midi(key: 1, at: 0, length: 3840, Notes.tones([(0, 3840, 69)]))
    let plain = try HandTurnedEngine.play(song, frames: 96_000)
    song.automate(
      key: 1,
      AutomationContent(
        gain: [Self.point(0, 0, .decibels), Self.point(3840, -40, .linear)],
        pan: [LanePoint(tick: 0, value: 1, shape: .linear)]))
    let moved = try HandTurnedEngine.play(song, frames: 96_000)
    for frame in stride(from: 6400, to: 90_000, by: 6400) {
      let range = frame..<(frame + 4800)
      let wanted = -40 * (Double(frame) + 2400) / 96_000
      let right = Sound(left: moved.right, right: moved.right)
      let other = Sound(left: plain.right, right: plain.right)
      let heard = 20 * log10(right.amplitude(hertz: 440, range) / other.amplitude(hertz: 440, range))
      #expect(abs(heard - wanted) < 0.1, "frame \(frame): \(heard) dB")
    }
    #expect(moved.left[6400..<90_000].allSatisfy { abs($0) < 1e-6 })
  }

  @Test func `ten thousand points are followed`() throws {
    var song = song()
    let points = (0..<10_000).map { Self.point(Tick($0), $0 % 2 == 0 ? 0 : -6, .linear) }
    song.trackLanes = [0: AutomationContent(gain: points)]
    let sound = try played(song, from: 9000, frames: 9600)
    let high = 0.5
    let low = 0.5 * pow(10, -6 / 20.0)
    for frame in stride(from: 512, to: 9600, by: 64) {
      let tick = 9000 + Double(frame) / 25
      let x = tick - tick.rounded(.down)
      let even = Int(tick) % 2 == 0
      let wanted = even ? high + (low - high) * x : low + (high - low) * x
      #expect(abs(Double(sound.left[frame]) - wanted) < 1e-4, "frame \(frame)")
    }
  }

  @Test func `the device's block is nowhere in it`() throws {
    var song = song(at: 37)
    song.trackLanes = [0: gain([(0, -20, .hold), (500, 0, .s), (900, -120, .decibels), (1700, 3, .hold)])]
    song.automate(key: 1, gain([(0, -120, .decibels), (700, 0, .hold), (701, -3, .s)]))
    song.loop = 300..<1501
    let hands = try [64, 100, 1024].map { block -> Sound in
      let hand = try HandTurnedEngine(song, synthTracks: 0)
      hand.send(.play, tick: 0)
      return hand.render(102_400, block: block)
    }
    #expect(hands[0] == hands[1] && hands[1] == hands[2])
  }
}
