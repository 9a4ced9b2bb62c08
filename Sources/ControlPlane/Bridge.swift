import Arrangement
import FoundationEssentials
import MusicalTime
import RealtimeEngine

/// The one place where what should sound becomes what the renderer reads. Any ordinary thread; a pure
/// function.
enum Bridge {
  /// Compiles the timeline. Muted regions and regions of clips that are not loaded are left out: leaving out
  /// is how a sounding region ends.
  static func schedule(
    _ timeline: Timeline, material: [UUID: ClipMaterial], revision: UInt64, tempoRevision: UInt64,
    timed: [TimedCommand] = [], lanes: AutomationShelf
  ) -> CompiledSchedule {
    var slots: [UUID: Int] = [:]
    for track in timeline.tracks { slots[track.id] = track.slot }
    var entries: [RegionEntry] = []
    entries.reserveCapacity(timeline.regions.count)
    for region in timeline.regions.values where !region.isMuted {
      guard let slot = slots[region.track], let clip = timeline.clips[region.clip],
        let content = material[region.clip]
      else { continue }
      var entry = entry(region, clip, content, slot: slot, sampleRate: timeline.map.sampleRate)
      if let automation = region.automation {
        entry = RegionEntry(
          region: entry.region, content: entry.content, lanes: lanes.content(region.id, automation))
      }
      entries.append(entry)
    }
    var trackLanes: [Int: AutomationContent] = [:]
    for track in timeline.tracks {
      if let automation = track.automation { trackLanes[track.slot] = lanes.content(track.id, automation) }
    }
    return CompiledSchedule(
      revision: revision, tempo: timeline.map, tempoRevision: tempoRevision, regions: entries, timed: timed,
      loop: timeline.isLooping ? timeline.loop : nil, trackLanes: trackLanes)
  }

  private static func entry(
    _ region: Region, _ clip: Clip, _ material: ClipMaterial, slot: Int, sampleRate: Double
  ) -> RegionEntry {
    var scheduled = ScheduledRegion(
      key: region.key, stamp: stamp(region, clip.kind, slot: slot),
      kind: clip.kind == .audio ? .audio : .midi,
      track: slot,
      start: region.start, end: region.end, gain: Float(decibels: region.gainDB),
      fadeInFrames: Int64((region.fadeInSeconds * sampleRate).rounded()),
      fadeOutFrames: Int64((region.fadeOutSeconds * sampleRate).rounded()), curve: curve(region.curve))
    switch material.content {
    case .audio(let buffer):
      let offset = Int64((region.offsetSeconds * sampleRate).rounded())
      scheduled.audio = ScheduledAudio(
        left: buffer.left, right: buffer.right, isMono: buffer.channels == 1, offset: offset,
        passFrames: max(0, buffer.frames - offset), passes: Int64(region.loops), skip: region.skipFrames)
      return RegionEntry(region: scheduled, content: buffer)
    case .midi(let content):
      scheduled.midi = ScheduledMIDI(
        clip: content.pointer, offset: region.offsetTicks,
        passTicks: max(1, clip.lengthTicks - region.offsetTicks),
        passes: Int64(region.loops), transpose: Int16(region.transpose),
        velocityScale: Float(region.velocityScale), channel: Int16((region.channel ?? 0) - 1),
        bank: Int16(region.bank ?? -1), program: Int16(region.program ?? -1),
        origin: region.start - region.skipTicks)
      return RegionEntry(region: scheduled, content: content)
    }
  }

  /// What makes a sounding region start anew. Gain, fades, length and name do not.
  private static func stamp(_ region: Region, _ kind: Clip.Kind, slot: Int) -> UInt64 {
    var hasher = StableHash()
    hasher.add(UInt64(bitPattern: region.start))
    hasher.add(UInt64(slot))
    for number in [region.offsetTicks, region.skipTicks, region.skipFrames, Int64(region.loops)] {
      hasher.add(UInt64(bitPattern: number))
    }
    // With a lane of pan it goes to its track in another way: the two are faded into each other.
    hasher.add(kind == .audio && region.automation?.pan != nil ? 1 : 0)
    hasher.add(region.offsetSeconds.bitPattern)
    hasher.add(region.velocityScale.bitPattern)
    for number in [region.transpose, region.channel ?? -1, region.bank ?? -1, region.program ?? -1] {
      hasher.add(UInt64(bitPattern: Int64(number)))
    }
    for byte in [region.clip.uuid.0, region.clip.uuid.1, region.clip.uuid.2, region.clip.uuid.3] {
      hasher.add(UInt64(byte))
    }
    return hasher.value
  }

  private static func curve(_ curve: Region.Curve) -> FadeCurve {
    switch curve {
    case .linear: .linear
    case .equalPower: .equalPower
    case .exponential: .exponential
    case .s: .s
    }
  }
}

/// FNV-1a over 64-bit words: the same on every run, unlike Swift's own hashes.
struct StableHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      value ^= (word >> UInt64(shift)) & 0xFF
      value = value &* 0x100_0000_01B3
    }
  }
}

extension Float {
  /// A linear gain; −120 dB and less is silence.
  init(decibels: Double) {
    self = decibels <= -120 ? 0 : Float(Double.power10(decibels / 20))
  }
}
