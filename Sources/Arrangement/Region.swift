import FoundationEssentials
import MusicalTime

/// A clip placed on a track. Position and length are ticks; what lies inside an audio clip is seconds, so
/// that a change of tempo never moves it.
package struct Region: Sendable, Equatable, Codable {
  package enum Curve: String, Sendable, Codable, CaseIterable {
    case linear
    case equalPower = "equal-power"
    case exponential
    case s
  }

  package var id: UUID
  /// The renderer's number for it, never used again for another.
  package var key: UInt64
  package var name: String
  package var track: UUID
  package var clip: UUID
  package var start: Tick
  package var length: Tick
  package var gainDB = 0.0
  package var fadeInSeconds = 0.0
  package var fadeOutSeconds = 0.0
  package var curve = Curve.equalPower
  /// Where in the clip the material begins: ticks for MIDI, seconds for audio.
  package var offsetTicks: Tick = 0
  package var offsetSeconds = 0.0
  /// How far into the repeated material the region begins; above 0 only for the later part of a split.
  package var skipTicks: Tick = 0
  package var skipFrames: Int64 = 0
  /// How often the material is played.
  package var loops = 1
  package var isMuted = false
  package var transpose = 0
  package var velocityScale = 1.0
  /// 1…16, bank 0…16383 and program 0…127; nil where the file's own count.
  package var channel: Int?
  package var bank: Int?
  package var program: Int?
  /// nil without lanes.
  package var automation: Automation?

  package init(
    id: UUID = UUID(), key: UInt64, name: String, track: UUID, clip: UUID, start: Tick, length: Tick
  ) {
    self.id = id
    self.key = key
    self.name = name
    self.track = track
    self.clip = clip
    self.start = start
    self.length = length
  }

  package var end: Tick { start + length }

  /// How long the region is when nobody says: its material as often as it is played.
  package func naturalLength(of clip: Clip, in map: TempoMap) -> Tick {
    switch clip.kind {
    case .midi:
      return max(1, (clip.lengthTicks - offsetTicks) * Tick(loops) - skipTicks)
    case .audio:
      let offset = Int64((offsetSeconds * clip.sampleRate).rounded())
      let frames = (clip.frames - offset) * Int64(loops) - skipFrames
      let end = map.exactFrame(atTick: Double(start)) * clip.sampleRate / map.sampleRate + Double(frames)
      // Up to the next tick, so that no frame of the material is cut off.
      return max(1, Tick(map.tick(atFrame: end * map.sampleRate / clip.sampleRate).rounded(.up)) - start)
    }
  }
}
