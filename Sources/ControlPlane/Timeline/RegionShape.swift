import Arrangement
import MusicalTime
import Tools

/// The arguments that shape a region, checked against its clip: what is meant for the other kind of clip is
/// refused.
struct RegionShape {
  let length: Tick?
  private let arguments: Arguments
  private let offsetTicks: Tick?
  private let offsetSeconds: Double?

  init(_ arguments: Arguments, for clip: Clip, map: TempoMap, at start: Tick) throws(Refusal) {
    self.arguments = arguments
    length = arguments.number(.forBeats).map { Tick(($0 * Double(ticksPerBeat)).rounded()) }
    if clip.kind == .audio {
      for name in [ParameterName.transpose, .velocity, .channel, .bank, .program] where arguments.has(name) {
        throw Refusal(
          "wrong_kind", .usage, "\(name.flag) is for MIDI", "\(clip.fileName) is audio",
          "garden help region set")
      }
    }
    switch (arguments.span(.offset), clip.kind) {
    case (.beats(let beats)?, .midi):
      offsetTicks = Tick((beats * Double(ticksPerBeat)).rounded())
      offsetSeconds = nil
    case (.seconds(let seconds)?, .audio):
      offsetTicks = nil
      offsetSeconds = seconds
    case (nil, _):
      offsetTicks = nil
      offsetSeconds = nil
    case (.beats(let beats)?, .audio):
      // 0 is the same in every unit.
      guard beats == 0 else { throw Self.wrongUnit("\(beats) beats", "seconds, as 2.5s", clip) }
      offsetTicks = nil
      offsetSeconds = 0
    case (.seconds(let seconds)?, .midi):
      guard seconds == 0 else { throw Self.wrongUnit("\(seconds) s", "beats, as 4", clip) }
      offsetTicks = 0
      offsetSeconds = nil
    }
  }

  private static func wrongUnit(_ seen: String, _ wanted: String, _ clip: Clip) -> Refusal {
    Refusal(
      "wrong_unit", .usage, "--offset has the wrong unit",
      "\(seen) was given, and the offset into \(clip.fileName) counts in \(wanted)", "garden help region set")
  }

  /// Whether a length that follows the material changes with it.
  var changesMaterial: Bool { arguments.has(.loop) || arguments.has(.offset) }

  func apply(_ region: inout Region) {
    if let length { region.length = length }
    if let gain = arguments.number(.gain) { region.gainDB = gain }
    if let seconds = arguments.number(.fadeIn) { region.fadeInSeconds = seconds }
    if let seconds = arguments.number(.fadeOut) { region.fadeOutSeconds = seconds }
    if let curve = arguments.choice(.curve, as: Region.Curve.self) { region.curve = curve }
    if let offsetTicks { region.offsetTicks = offsetTicks }
    if let offsetSeconds { region.offsetSeconds = offsetSeconds }
    if changesMaterial {
      region.skipTicks = 0
      region.skipFrames = 0
    }
    if let loops = arguments.integer(.loop) { region.loops = loops }
    if let mute = arguments.bool(.mute) { region.isMuted = mute }
    if let semitones = arguments.integer(.transpose) { region.transpose = semitones }
    if let scale = arguments.number(.velocity) { region.velocityScale = scale }
    if let channel = arguments.integer(.channel) { region.channel = channel }
    if let bank = arguments.integer(.bank) { region.bank = bank }
    if let program = arguments.integer(.program) { region.program = program }
  }
}
