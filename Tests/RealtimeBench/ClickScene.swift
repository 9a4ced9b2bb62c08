import MusicalTime
import RealtimeEngine

/// Everything that begins, ends or replaces sound while it plays, each on its own and at any phase of a steady signal.
package enum ClickScene {
  package enum Transition: String, CaseIterable, Sendable {
    case start, stop, seek, mute, loop, panic, swap, starvation
  }

  package enum Signal: String, CaseIterable, Sendable {
    case sine, stream, organ
  }

  /// What can be tried: MIDI has no samples to run out of, and a file has no synth to replace.
  package static let pairs: [(Transition, Signal)] = Transition.allCases.flatMap { transition in
    Signal.allCases.filter { signal in
      switch transition {
      case .starvation: signal == .stream
      case .swap: signal == .organ
      default: true
      }
    }.map { (transition, $0) }
  }

  /// So many phases, the same with every run.
  package static func phases(_ count: Int) -> [Int] {
    var state: UInt32 = 17
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 8) % 4_096
    }
  }

  /// A sine of 1 kHz: whole periods at any whole number of frames are 48 long, so that a place of 1 tick more
  /// is another phase.
  private static let sine = (0..<480_000).map {
    Float(0.5 * cosine(2 * .pi * 1_000 * Double($0) / 48_000 - .pi / 2))
  }

  private static func song(_ signal: Signal) -> Song {
    var song = Song()
    switch signal {
    case .sine: song.audio(key: 1, at: 0, length: 19_000, .stereo(sine))
    case .stream:
      song.audio(key: 1, at: 0, length: 19_000, .stereo(sine))
      song = song.streaming(as: 7, keys: [1])
    case .organ:
      // General MIDI's church organ, a chord that sounds from end to end.
      let chord = [UInt8(48), 55, 60, 64].flatMap { [Notes.on(0, $0), Notes.off(19_000, $0)] }
      song.midi(key: 1, at: 0, length: 19_000, Notes.sorted([Notes.program(0, 19)] + chord))
    }
    return song
  }

  /// Plays the transition 19,200 frames into steady sound, moved by `phase`.
  package static func read(
    _ transition: Transition, _ signal: Signal, phase: Int, _ meter: ClickMeter
  ) throws -> ClickMeter.Reading {
    var song = song(signal)
    let hand = try HandTurnedEngine(song, synthTracks: 1)
    let reader = HandReader(hand.engine)
    reader.add(7, left: sine, right: sine)
    hand.before = { reader.turn() }
    _ = hand.render(640, block: 64)
    if transition != .start { hand.send(.play, tick: Double(phase) / 25) }
    let lead = 19_200 + phase / 64 * 64
    var sound = hand.render(lead, block: 64)
    switch transition {
    case .start: hand.send(.play, tick: Double(phase) / 25 + 40.3)
    case .stop: hand.send(.pause)
    case .seek: hand.send(.locate, tick: 9_000 + Double(phase) / 31)
    case .mute: hand.send(.trackMute, track: 0, value: 1)
    case .panic: hand.send(.panic)
    case .swap: try hand.installBank(on: 0)
    case .loop:
      let place = Tick(hand.report.playheadTick) + 40
      song.loop = 300..<place
      try hand.take(song)
    case .starvation: reader.isStalled = true
    }
    // A ring holds two seconds; everything else comes within 50 ms.
    let length = transition == .starvation ? 110_000 : 9_600
    sound += hand.render(length, block: 64)
    var around = lead - 480..<lead + 4_800
    if transition == .starvation {
      let end = sound.left.lastIndex { $0 != 0 } ?? lead
      around = end - 2_400..<end + 480
    }
    let steady = transition == .start ? lead + 5_000..<lead + 9_600 : lead - 9_600..<lead - 1_000
    return meter.read(sound.left, around: around, steady: steady)
  }
}
