/// One tone shaped by envelopes, filter and vibrato. An instrument is one layer or several that sound
/// together.
struct Layer: Sendable {
  var tone: Tone
  /// Decibels; at most 0.
  var level = 0.0
  /// Semitones, fractions allowed.
  var tune = 0.0
  /// -1 is left, 1 is right.
  var pan = 0.0
  var envelope = Envelope()
  var filter: Filter?
  var vibrato: Vibrato?
  var sends = Sends()
  /// Hundredths of a semitone per key: 100 follows the keyboard, 0 sounds the same at every key.
  var scaleTuning = 100
  /// Semitones by which the filter's envelope bends the pitch at its start.
  var bend = 0.0

  struct Envelope: Sendable {
    /// Seconds to full level.
    var attack = 0.0
    /// Seconds for a fall by 100 dB.
    var decay = 0.0
    /// Decibels below full level at which the decay stops.
    var sustain = 0.0
    /// Seconds for a fall by 100 dB once the key is up.
    var release = 0.3
    /// How much sooner high keys decay: the decay halves in this many semitones; 0 is the same for all.
    var halving = 0
  }

  struct Filter: Sendable {
    /// Hertz, at full velocity.
    var cutoff: Double
    /// Decibels.
    var resonance = 0.0
    /// Octaves the cutoff opens at the envelope's height.
    var sweep = 0.0
    var attack = 0.0
    /// Seconds in which the envelope falls back, to `rest` of its height.
    var decay = 1.0
    var rest = 0.0
    /// Octaves the cutoff sinks towards velocity 0.
    var velocity = 2.0
  }

  struct Vibrato: Sendable {
    /// Semitones.
    var depth = 0.1
    var hertz = 5.2
    /// Seconds before it begins.
    var delay = 0.35
    /// Decibels of tremolo, at the same pace.
    var tremolo = 0.0
  }

  /// Per thousand of the signal to the player's own reverb and chorus.
  struct Sends: Sendable {
    var reverb = 60
    var chorus = 0
  }
}

/// A program: its name, its trim in decibels (found by measuring, so that programs are equally loud), its
/// layers.
struct Patch: Sendable {
  let name: String
  let trim: Double
  let layers: [Layer]

  init(_ name: String, _ trim: Double, _ layers: [Layer]) {
    self.name = name
    self.trim = trim
    self.layers = layers
  }
}

extension Layer.Envelope {
  /// Sounds as long as the key is down.
  static func held(_ attack: Double = 0.01, release: Double = 0.4) -> Self {
    Self(attack: attack, release: release)
  }

  /// Fades whatever the key does; `decay` is the time for 100 dB.
  static func fading(_ decay: Double, release: Double = 0.8, halving: Int = 24) -> Self {
    Self(decay: decay, sustain: 100, release: release, halving: halving)
  }

  /// Rings out even when the key is let go.
  static func ringing(_ decay: Double, halving: Int = 24) -> Self {
    Self(decay: decay, sustain: 100, release: decay, halving: halving)
  }

  /// Speaks, then settles a little softer.
  static func settling(_ attack: Double, decay: Double, by sustain: Double, release: Double = 0.4) -> Self {
    Self(attack: attack, decay: decay, sustain: sustain, release: release)
  }
}
