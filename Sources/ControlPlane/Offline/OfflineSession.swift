import Arrangement
import ContentStore
import FoundationEssentials
import HootWire
import Media
import MusicalTime
import RealtimeEngine
import Settings

/// A session rendered as fast as it goes, by the very same renderer. A program of its own: any ordinary
/// thread.
package final class OfflineSession {
  package struct Wish: Sendable {
    package var soundfont = "auto"
    package var sampleRate = 48_000.0
    package var block = 1024
    package var effects = true
    package var limiter = true
    package var ceilingDB = EngineLimits.defaultCeilingDB
    /// The metronome in the mix, up to the end and not over the tails.
    package var click = false
    package var voices = EngineLimits.defaultVoiceBudget
    /// `normal` or `sharp`, for tracks that have none of their own.
    package var timing = "normal"
    /// Threads that render; 0 for as many as there are cores.
    package var threads = 0
    /// Positions; nil for the start, and for the end with its tails.
    package var from: String?
    package var to: String?
    /// Where content is that files are named by.
    package var store = ContentStore.nowhere

    package init() {}

    /// What a daemon would play with.
    package init(_ settings: Settings) {
      soundfont = settings.soundfont
      sampleRate = Double(settings.sampleRate)
      effects = settings.effects
      limiter = settings.limiter
      ceilingDB = settings.ceiling
      voices = settings.voices
      timing = settings.timing
      store = ContentStore(settings)
    }
  }

  /// What was rendered, measured from the sound itself.
  package struct Outcome: Sendable {
    package var frames: Int64
    package var sampleRate: Double
    package var loudness: Loudness
    package var notesStarted: UInt64
    package var notesRefused: UInt64
    package var regionsStarted: Int
    package var regionsRefused: UInt64
    package var voicesStolen: UInt64
    /// How it came to its loudness, when one was asked for.
    package var plan: LoudnessPlan?
    package var stems: [StemOutcome] = []
    /// Tracks and buses without a stem of their own, with the bus they go to.
    package var inBuses: [(name: String, bus: String)] = []
  }

  /// One stem: the track's name, the file, and its largest sample in dBFS.
  package struct StemOutcome: Sendable {
    package var track: String
    package var path: String
    package var peakDB: Double
  }

  package private(set) var timeline: Timeline
  package private(set) var warnings: [String] = []
  var wish: Wish
  private var material: [UUID: ClipMaterial] = [:]
  private var font: String
  /// Of each font in use, the part that the clips ask for.
  private var excerpts: [String: UnlinkedFile] = [:]
  private static let residentBytes = 32_000_000

  /// Files, one track each, all from the start; the first MIDI file's tempo, signatures and markers are the
  /// timeline's.
  package init(files: [String], _ wish: Wish) throws(Refusal) {
    self.wish = wish
    (font, warnings) = try Self.font(wish.soundfont, in: wish.store)
    do { timeline = Timeline(map: try TempoMap(sampleRate: wish.sampleRate)) } catch { throw Refusal(error) }
    var hasTempo = false
    for path in files {
      let loaded = try ClipMaterial.load(
        path, from: wish.store, sampleRate: wish.sampleRate, residentBytes: Self.residentBytes,
        limitBytes: MediaLimits.maximumClipBytes)
      warnings += loaded.warnings.map { "\(path): \($0)" }
      if !hasTempo, case .midi(_, let tempos, let signatures, let markers) = loaded.summary {
        hasTempo = true
        do { warnings += try timeline.adopt(tempos: tempos, signatures: signatures, at: 0) } catch {
          throw Refusal(error)
        }
        warnings += timeline.adopt(markers: markers, at: 0)
      }
      do {
        let track = try timeline.addTrack(name: timeline.freeTrackName(for: loaded.clip))
        try timeline.addRegion(clip: loaded.clip, track: track.id, at: 0)
      } catch { throw Refusal(error) }
      material[loaded.clip.id] = loaded
    }
  }

  /// A document that `garden session export` has written.
  package init(document: SessionDocument, _ wish: Wish) throws(Refusal) {
    self.wish = wish
    // A document may hold any number.
    self.wish.voices = min(max(1, wish.voices), EngineLimits.maximumVoiceBudget)
    (font, warnings) = try Self.font(wish.soundfont, in: wish.store)
    do { timeline = try document.timeline() } catch {
      throw (error as? ArrangementError).map { Refusal($0) } ?? (error as? TempoMapError).map { Refusal($0) }
        ?? Refusal("bad_session", .badData, "the session cannot be read", "\(error)", "garden session export")
    }
    // A file has an end.
    do { try timeline.setLooping(false) } catch { throw Refusal(error) }
    if wish.sampleRate != document.sampleRate {
      do { try timeline.resample(to: wish.sampleRate) } catch { throw Refusal(error) }
    }
    for clip in timeline.clips.values.sorted(by: { $0.path < $1.path }) {
      var loaded = try ClipMaterial.load(
        clip.reference, from: wish.store, sampleRate: wish.sampleRate, residentBytes: Self.residentBytes,
        limitBytes: MediaLimits.maximumClipBytes)
      guard loaded.clip.isSameFile(as: clip) else {
        throw Refusal(
          "file_changed", .badData, "\(clip.path) is not the file that plays",
          "it has changed since it was loaded",
          "garden region add \(clip.path)")
      }
      loaded.clip.id = clip.id
      timeline.addClip(loaded.clip)
      material[clip.id] = loaded
    }
  }

  /// A font that is missing is named, and the embedded one plays; one that is broken is refused.
  static func font(_ reference: String, in store: ContentStore) throws(Refusal) -> (
    path: String, warnings: [String]
  ) {
    do { return (try FontDescription.read(reference, in: store).path, []) } catch {
      guard error.exit == .fileMissing else { throw error }
      let warning = "\(error.lines[0]): \(error.lines[1]); the embedded font plays instead"
      return (try FontLibrary.embedded(), [warning])
    }
  }

  /// The font in use, as users call it.
  package var soundfont: String { FontLibrary.name(of: font) }

  func range() throws(Refusal) -> (Tick, Tick) {
    let context = timeline.positionContext(playhead: 0)
    do {
      let from = try wish.from.map { try Position.tick($0, in: context) } ?? 0
      let to = try wish.to.map { try Position.tick($0, in: context) } ?? max(timeline.end, from)
      guard to > from || (wish.to == nil && to >= from) else {
        throw Refusal(
          "empty_range", .refused, "there is nothing to render",
          "it would end at \(timeline.map.barBeat(atTick: to)) and begin at \(timeline.map.barBeat(atTick: from))",
          "garden render --from 1:1 --to 5:1")
      }
      return (from, to)
    } catch {
      throw (error as? Refusal) ?? (error as? PositionError).map { Refusal($0) }
        ?? Refusal("bad_position", .usage, "\(error)", "", "garden help positions")
    }
  }

  /// The commands a daemon would have sent, all landing in the first block: synths, mixer, schedule, play.
  func feed(_ engine: Engine, from: Tick, threads: Int) throws -> [AnyObject] {
    var kept: [AnyObject] = []
    func send(
      _ kind: Command.Kind, _ track: Int = -1, value: Double = 0, address: UInt = 0,
      tick: Double = .nan
    ) {
      let isSent = engine.commands.push(
        Command(id: 0, kind: kind, track: track, dueFrame: 0, tick: tick, value: value, address: address))
      precondition(isSent, "a session has fewer tracks than the command ring has slots")
    }
    for track in timeline.tracks {
      send(.resetTrack, track.slot)
      let regions = midiRegions(of: track)
      if regions > 0 {
        let bank = try SynthBankContent.load(
          SynthSettings(
            soundfont: excerpt(of: try trackFont(track)),
            sampleRate: wish.sampleRate,
            effects: wish.effects, interpolation: SynthSettings.Interpolation(track.interpolation),
            timing: SynthSettings.Timing(track.timing, default: wish.timing), areApart: threads > 1,
            regions: regions), together: OfflineCrew.eachOnAThread)
        kept.append(bank)
        send(.bank, track.slot, address: bank.address)
      }
      send(.trackGain, track.slot, value: Double(Float(decibels: track.gainDB)))
      send(.trackPan, track.slot, value: track.pan)
      send(.trackMute, track.slot, value: track.isMuted ? 1 : 0)
      send(.trackSolo, track.slot, value: track.isSoloed ? 1 : 0)
      send(.trackPolyphony, track.slot, value: Double(track.polyphony))
    }
    send(.masterGain, value: Double(Float(decibels: timeline.masterGainDB)))
    kept.append(sendMix(send))
    var compiler = ScheduleCompiler()
    let schedule = compiler.schedule(timeline, material: material, revision: 1, tempoRevision: 1)
    kept.append(schedule)
    if wish.click {
      send(.metronomeOutput, value: Double(ClickOutput.main.channel))
      send(.metronomeOn, value: 1, tick: Double(try range().1))
    }
    send(.schedule, address: schedule.address)
    // Where it begins, so that streams are armed there.
    send(.locate, tick: Double(from))
    settle(engine)
    send(.play, tick: Double(from))
    return kept
  }

  private var streams: [StreamedClip] {
    material.values.compactMap { if case .stream(let clip) = $0.content { clip } else { nil } }
  }

  /// A reader without a thread, where something streams: a render has no clock that would not wait for the
  /// disk.
  func reader(_ engine: Engine) -> StreamService? {
    guard !streams.isEmpty else { return nil }
    let service = StreamService(engine.streams, watch: DiskWatch()) { _ in }
    service.take(.clips(streams))
    return service
  }

  /// Buses, their strips, and who feeds whom.
  private func sendMix(
    _ send: (Command.Kind, _ track: Int, _ value: Double, _ address: UInt, _ tick: Double) -> Void
  ) -> AnyObject {
    for bus in timeline.buses {
      let strip = EngineLimits.firstBusStrip + bus.slot
      send(.trackGain, strip, Double(Float(decibels: bus.gainDB)), 0, .nan)
      send(.trackPan, strip, bus.pan, 0, .nan)
      send(.trackMute, strip, bus.isMuted ? 1 : 0, 0, .nan)
      send(.trackSolo, strip, bus.isSoloed ? 1 : 0, 0, .nan)
    }
    let shelf = MixShelf()
    let effects = shelf.effects(for: timeline)
    let plan = Bridge.mix(timeline, effects: effects, auditioned: [:])
    send(.mix, -1, 0, plan.address, .nan)
    return OfflineMix(plan: plan, effects: effects)
  }

  /// Lets the ramps of the mixer come to rest before the first frame that is kept.
  private func settle(_ engine: Engine) {
    var scratch = [Float](repeating: 0, count: 2 * 4096)
    scratch.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      engine.render(base, base + 4096, frames: 4096)
    }
  }

  private func trackFont(_ track: Track) throws(Refusal) -> String {
    guard let reference = track.soundfont else { return font }
    let (path, found) = try Self.font(reference, in: wish.store)
    warnings += found
    return path
  }

  /// What is played of a font, as a font of its own: nobody asks a render for another program. The font itself where it
  /// has to do, or there is no room for a temporary file.
  private func excerpt(of font: String) -> String {
    if let known = excerpts[font] { return known.path }
    var programs: Set<Int> = []
    for case .midi(let clip) in material.values.map(\.content) { programs.formUnion(clip.programs) }
    // Who loads the font says what is wrong with it.
    guard let bytes = try? SoundFontExcerpt.bytes(of: font, programs: programs),
      let file = UnlinkedFile(bytes)
    else { return font }
    excerpts[font] = file
    return file.path
  }

  private func midiRegions(of track: Track) -> Int {
    guard timeline.regions.count(onTrack: track.id) > 0 else { return 0 }
    return timeline.regions.count { $0.track == track.id && timeline.clips[$0.clip]?.kind == .midi }
  }
}

/// What the renderer of a render may read until it is done.
private final class OfflineMix {
  let plan: CompiledMix
  let effects: [UUID: BusEffectContent]

  init(plan: CompiledMix, effects: [UUID: BusEffectContent]) {
    self.plan = plan
    self.effects = effects
  }
}
