/// Follows somebody's MIDI clock: where it is, how fast it goes, and what our transport is to do about it. A state machine
/// without a clock of its own: it takes messages with the frames they came at and answers what is to be done.
///
/// Tempo and time come from a delay-locked loop of second order (F. Adriaensen, "Using a DLL to filter time", 2005), and
/// the position from the count of clocks: periods are never added up, so jitter does not make it drift.
package struct MIDIClockFollower: Sendable {
  package enum Action: Equatable, Sendable {
    /// Put the playhead there, standing.
    case locate(tick: Double)
    /// Roll from there.
    case play(tick: Double)
    /// Halt where it is.
    case pause
    /// Go on at this tempo; it brings the playhead back into step too.
    case tempo(bpm: Double)
  }

  /// Exits: `armed` by start or continue.
  /// `armed`: `running` by a clock, `stopped` by stop. `running`: `stopped` by stop, `armed` by start or continue.
  private enum State { case stopped, armed, running }

  private let sampleRate: Double
  private var state = State.stopped
  /// Where the next start or continue begins, and the clocks since it did.
  private var origin = 0.0
  private var pulses = 0.0
  /// The loop: when the next clock is due, the period, and how many clocks it has seen.
  private var due = 0.0
  private var period = 0.0
  private var seen = 0
  private var last = 0.0
  private var toldAt = 0

  /// Ticks of a clock and of a step of the song position, at 960 a beat.
  private static let pulseTicks = 40.0
  private static let stepTicks = 240.0
  /// How fast the loop follows: wide while it looks for the tempo, narrow once it has it. In Hz.
  private static let bandwidth = (first: 4.0, later: 0.6)
  /// And at most, in radians a clock: slow clocks are heard often enough to be filtered.
  private static let steepest = (first: 0.5, later: 0.12)
  /// Clocks after which it has the tempo: two beats.
  private static let settled = 48
  /// A silence that ends the loop, in seconds: slower than 5 beats a minute is no tempo.
  private static let silence = 0.5
  /// Tempos that are told, and how often: every sixteenth.
  private static let tempos = 20.0...999.0
  private static let pulsesBetween = 6
  /// Being out of step is made good over so many ticks, at this share of the tempo at most; beyond half a beat the
  /// playhead jumps.
  private static let catchUpTicks = 1920.0
  private static let catchUpShare = 0.1
  private static let jumpTicks = 480.0

  package init(sampleRate: Double) { self.sampleRate = sampleRate }

  /// The tempo of the clocks, as far as it is known.
  package var bpm: Double? {
    guard seen > 1, period > 0 else { return nil }
    return 60 * sampleRate / (24 * period)
  }

  package var isRunning: Bool { state == .running }

  /// Where the playhead should be at a frame; nil while nothing runs.
  package func tick(atFrame frame: Double) -> Double? {
    guard state == .running, period > 0 else { return nil }
    // `due` is the filtered time of the clock to come.
    return origin + (pulses + (frame - due) / period) * Self.pulseTicks
  }

  /// Takes a clock, start, continue, stop or song position. `playhead` is where ours is at that frame, nil while it
  /// stands.
  package mutating func take(
    _ message: MIDIShortMessage, frame: Double, playhead: Double?
  ) -> [Action] {
    switch message.status {
    case 0xF8: return pulse(frame, playhead)
    case 0xFA: return arm(at: 0)
    case 0xFB: return arm(at: origin + (state == .running ? pulses * Self.pulseTicks : 0))
    case 0xFC:
      guard state != .stopped else { return [] }
      origin += pulses * Self.pulseTicks
      pulses = 0
      state = .stopped
      return [.pause]
    case 0xF2:
      let sixteenths = Int(message.data1 & 127) | Int(message.data2 & 127) << 7
      origin = Double(sixteenths) * Self.stepTicks
      pulses = 0
      return state == .running ? [.play(tick: origin)] : [.locate(tick: origin)]
    default: return []
    }
  }

  private mutating func arm(at tick: Double) -> [Action] {
    origin = tick
    pulses = 0
    state = .armed
    return [.locate(tick: tick)]
  }

  private mutating func pulse(_ frame: Double, _ playhead: Double?) -> [Action] {
    let starts = state == .armed
    if starts {
      state = .running
      pulses = 0
    }
    filter(frame)
    if state == .running { pulses += 1 }
    if starts { return (bpm.map { [.tempo(bpm: held($0))] } ?? []) + [.play(tick: origin)] }
    return correction(frame, playhead)
  }

  private mutating func filter(_ frame: Double) {
    defer { last = frame }
    // Several may have waited for a slow machine and come at once.
    guard seen > 0, abs(frame - last) < Self.silence * sampleRate else {
      seen = 1
      toldAt = 0
      due = frame + period
      return
    }
    let shortest = sampleRate * 60 / 24 / Self.tempos.upperBound
    guard seen > 1 else {
      guard frame - last > shortest / 2 else { return }
      seen = 2
      period = frame - last
      due = frame + period
      return
    }
    seen += 1
    let isSettled = seen >= Self.settled
    let hertz = isSettled ? Self.bandwidth.later : Self.bandwidth.first
    let steepest = isSettled ? Self.steepest.later : Self.steepest.first
    let omega = min(steepest, 2 * Double.pi * hertz * period / sampleRate)
    let error = frame - due
    due += 2.0.squareRoot() * omega * error + period
    period = max(shortest / 2, period + omega * omega * error)
  }

  private func held(_ bpm: Double) -> Double {
    min(Self.tempos.upperBound, max(Self.tempos.lowerBound, bpm))
  }

  /// What brings ours into step: every so many clocks, once there is a tempo.
  private mutating func correction(_ frame: Double, _ playhead: Double?) -> [Action] {
    guard let bpm, seen > Self.pulsesBetween, seen - toldAt >= Self.pulsesBetween else { return [] }
    toldAt = seen
    guard state == .running, let playhead, let wanted = tick(atFrame: frame) else {
      return [.tempo(bpm: held(bpm))]
    }
    let behind = wanted - playhead
    if abs(behind) > Self.jumpTicks { return [.tempo(bpm: held(bpm)), .play(tick: wanted)] }
    let share = max(-Self.catchUpShare, min(Self.catchUpShare, behind / Self.catchUpTicks))
    return [.tempo(bpm: held(bpm * (1 + share)))]
  }
}
