import Arrangement
import FoundationEssentials
import MusicalTime
import RealtimeEngine

/// The one place where what should sound becomes what the renderer reads. Any ordinary thread; pure functions.
struct Bridge {
  private let slots: [UUID: Int]
  private let clips: [UUID: Clip]
  private let material: [UUID: ClipMaterial]
  private let sampleRate: Double
  private let lanes: AutomationShelf
  private let passes: [UUID: ScheduledRegion.Pass]

  /// - Parameter passes: of regions that do not sound in every pass of the playhead.
  init(
    _ timeline: Timeline, _ material: [UUID: ClipMaterial], _ lanes: AutomationShelf,
    passes: [UUID: ScheduledRegion.Pass] = [:]
  ) {
    self.lanes = lanes
    self.passes = passes
    slots = Dictionary(uniqueKeysWithValues: timeline.tracks.map { ($0.id, $0.slot) })
    clips = timeline.clips
    sampleRate = timeline.map.sampleRate
    self.material = material
  }

  /// What regions of one clip on one track have in common.
  struct Ground {
    let track: UUID
    let slot: Int
    let clip: Clip
    let content: ClipMaterial.Content
  }

  /// nil when the region's clip is not loaded.
  func ground(of region: Region) -> Ground? {
    guard let slot = slots[region.track], let clip = clips[region.clip], let material = material[region.clip]
    else { return nil }
    return Ground(track: region.track, slot: slot, clip: clip, content: material.content)
  }

  /// A region for the renderer, on its ground.
  func entry(_ region: Region, on ground: Ground) -> RegionEntry {
    let (slot, clip) = (ground.slot, ground.clip)
    var scheduled = ScheduledRegion(
      key: region.key, stamp: Self.stamp(region, clip.kind, slot: slot),
      kind: clip.kind == .audio ? .audio : .midi,
      track: slot,
      start: region.start, end: region.end, gain: Float(decibels: region.gainDB),
      fadeInFrames: Int64((region.fadeInSeconds * sampleRate).rounded()),
      fadeOutFrames: Int64((region.fadeOutSeconds * sampleRate).rounded()), curve: Self.curve(region.curve))
    if let pass = passes[region.id] { scheduled.pass = pass }
    let lanes = region.automation.map { self.lanes.content(region.id, $0) }
    switch ground.content {
    case .audio(let buffer):
      let offset = Int64((region.offsetSeconds * sampleRate).rounded())
      scheduled.audio = ScheduledAudio(
        left: buffer.left, right: buffer.right, isMono: buffer.channels == 1, offset: offset,
        passFrames: max(0, buffer.frames - offset), passes: Int64(region.loops), skip: region.skipFrames)
      return RegionEntry(region: scheduled, content: buffer, lanes: lanes)
    case .stream(let clip):
      let offset = Int64((region.offsetSeconds * sampleRate).rounded())
      scheduled.audio = ScheduledAudio(
        stream: clip.id, isMono: clip.audio.channels == 1, offset: offset,
        passFrames: max(0, clip.audio.frames - offset), passes: Int64(region.loops), skip: region.skipFrames)
      return RegionEntry(region: scheduled, content: clip, lanes: lanes)
    case .growing(let sound):
      scheduled.audio = ScheduledAudio(
        left: sound.left, right: sound.right, isMono: sound.channels == 1, offset: 0,
        passFrames: ScheduledAudio.endless, passes: 1, skip: region.skipFrames)
      scheduled.audio.ready = sound.frames
      return RegionEntry(region: scheduled, content: sound.owner, lanes: lanes)
    case .midi(let content):
      scheduled.midi = ScheduledMIDI(
        clip: content.pointer, offset: region.offsetTicks,
        passTicks: max(1, clip.lengthTicks - region.offsetTicks),
        passes: Int64(region.loops), transpose: Int16(region.transpose),
        velocityScale: Float(region.velocityScale), channel: Int16((region.channel ?? 0) - 1),
        bank: Int16(region.bank ?? -1), program: Int16(region.program ?? -1),
        origin: region.start - region.skipTicks)
      return RegionEntry(region: scheduled, content: content, lanes: lanes)
    }
  }

  /// What makes a sounding region start anew. Gain, fades, length and name do not.
  private static func stamp(_ region: Region, _ kind: Clip.Kind, slot: Int) -> UInt64 {
    var hasher = StableHash()
    hasher.add(UInt64(bitPattern: region.start))
    hasher.add(UInt64(slot))
    hasher.add(UInt64(bitPattern: region.offsetTicks))
    hasher.add(UInt64(bitPattern: region.skipTicks))
    hasher.add(UInt64(bitPattern: region.skipFrames))
    hasher.add(UInt64(bitPattern: Int64(region.loops)))
    // With a lane of pan it goes to its track in another way: the two are faded into each other.
    hasher.add(kind == .audio && region.automation?.pan != nil ? 1 : 0)
    hasher.add(region.offsetSeconds.bitPattern)
    hasher.add(region.velocityScale.bitPattern)
    hasher.add(UInt64(bitPattern: Int64(region.transpose)))
    hasher.add(UInt64(bitPattern: Int64(region.channel ?? -1)))
    hasher.add(UInt64(bitPattern: Int64(region.bank ?? -1)))
    hasher.add(UInt64(bitPattern: Int64(region.program ?? -1)))
    withUnsafeBytes(of: region.clip.uuid) { bytes in
      hasher.add(bytes.loadUnaligned(as: UInt64.self))
      hasher.add(bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
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

/// 64-bit words mixed one after the other, each step one to one (the multiplier of the golden ratio is odd): the same on
/// every run, unlike Swift's own hashes.
struct StableHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
    value ^= value >> 32
  }
}

extension Float {
  /// A linear gain; −120 dB and less is silence.
  init(decibels: Double) {
    self = decibels <= -120 ? 0 : Float(Double.power10(decibels / 20))
  }
}
