import Arrangement
import ContentStore
import FoundationEssentials
import MusicalTime
import RealtimeEngine
import Tools

/// A session as its file describes it, before its clips and synths are there.
struct SessionDraft: Sendable {
  let file: String
  var timeline: Timeline
  /// The default font's path.
  var font: String
  var warnings: [String]
  /// Files that are not there, with permission to do without.
  var missing: Set<String> = []
  /// What it is called in the ledger.
  var name = Journal.firstSession
  /// Made empty: it has no file.
  var isNew = false
  /// Where the playhead goes; nil: where the timeline starts.
  var place: Double?
  /// What the ledger knew of it, where it comes from there.
  var kept: RestoredSession?

  /// Reads and checks a file. Every clip's file must be there, unless that is allowed. Loader thread.
  static func read(
    _ path: String, from store: ContentStore, sampleRate: Double, allowMissing: Bool
  ) throws(Refusal) -> SessionDraft {
    let bytes = try FileStamp(path: store.file(path).path).read(limit: ControlLimits.sessionFileBytes)
    let document: SessionDocument
    var timeline: Timeline
    do {
      document = try SessionDocument.decode(bytes)
      timeline = try document.timeline()
      if document.sampleRate != sampleRate { try timeline.resample(to: sampleRate) }
    } catch {
      throw (error as? ArrangementError).map {
        Refusal("bad_session", .badData, "\(path): \($0.lines[0])", $0.lines[1], $0.lines[2])
      } ?? (error as? TempoMapError).map { Refusal($0) }
        ?? Refusal(
          "bad_session", .badData, "\(path) cannot be read as a session", "\(error)", "garden session ls")
    }
    var draft = SessionDraft(file: path, timeline: timeline, font: "", warnings: [])
    (draft.font, draft.warnings) = try OfflineSession.font(document.soundfont, in: store)
    try draft.checkFiles(in: store, allowMissing: allowMissing)
    return draft
  }

  mutating func checkFiles(in store: ContentStore, allowMissing: Bool) throws(Refusal) {
    var gone: [String] = []
    for clip in timeline.clips.values.sorted(by: { $0.path < $1.path }) where gone.last != clip.path {
      if let name = clip.content.flatMap({ ContentName($0) }) {
        do { _ = try store.inspect(name) } catch { gone.append(clip.path) }
      } else {
        do { _ = try FileStamp(path: clip.path) } catch { gone.append(clip.path) }
      }
    }
    guard !gone.isEmpty else { return }
    guard allowMissing else {
      let names = gone.prefix(3).joined(separator: ", ") + (gone.count > 3 ? ", …" : "")
      throw Refusal(
        "file_missing", .fileMissing, "\(file) needs files that are not there",
        "\(gone.count) of \(timeline.clips.count) are missing: \(names)", "--allow-missing leaves them silent"
      )
    }
    missing = Set(gone)
    warnings += gone.map { "\($0) is not there: its regions are silent" }
  }

  /// The clips to load and the tracks to make synths for, in a fixed order.
  var clipsToLoad: [Clip] {
    timeline.clips.values.filter { !missing.contains($0.path) }.sorted { $0.path < $1.path }
  }

  var tracksWithSynths: [Track] {
    let used = Set(timeline.regions.filter { timeline.clips[$0.clip]?.kind == .midi }.map(\.track))
    return timeline.tracks.filter { used.contains($0.id) }
  }
}

/// A session that is complete and waits to be entered. Owned by the control thread.
final class PreparedSession {
  var draft: SessionDraft
  var material: [UUID: ClipMaterial] = [:]
  var banks: [UUID: SynthBankContent] = [:]
  /// Its edits will be compiled with what was made for the first schedule.
  var compiler = ScheduleCompiler()
  /// Compiled when everything is there.
  var schedule: CompiledSchedule?
  /// Those of its buses, made when it is entered.
  var effects: [UUID: BusEffectContent] = [:]

  init(_ draft: SessionDraft) { self.draft = draft }

  var bytes: Int { material.values.reduce(0) { $0 + $1.bytes } }

  /// What the renderer is lent. Strips and buses that `present` uses too are shared with its tails.
  func change(from present: Timeline) -> LentSessionChange {
    let timeline = draft.timeline
    let taken = Set(present.tracks.map(\.slot))
    effects = MixShelf().effects(for: timeline)
    let mix = Bridge.mix(timeline, effects: effects, auditioned: [:])
    var change = SessionChange()
    change.mix = mix.address
    change.schedule = schedule?.address ?? 0
    change.masterGain = Float(decibels: timeline.masterGainDB)
    change.tick = draft.place ?? Double(timeline.startTick)
    for track in timeline.tracks {
      var strip = SessionChange.Strip()
      strip.isUsed = true
      strip.isShared = taken.contains(track.slot)
      strip.isMuted = track.isMuted
      strip.isSoloed = track.isSoloed
      strip.bank = banks[track.id]?.address ?? 0
      strip.gain = Float(decibels: track.gainDB)
      strip.pan = Float(track.pan)
      strip.polyphony = Int32(track.polyphony)
      change.strips[track.slot] = strip
    }
    let takenBuses = Set(present.buses.map(\.slot))
    for bus in timeline.buses {
      var strip = SessionChange.Strip()
      strip.isUsed = true
      strip.isShared = takenBuses.contains(bus.slot)
      strip.isMuted = bus.isMuted
      strip.isSoloed = bus.isSoloed
      strip.gain = Float(decibels: bus.gainDB)
      strip.pan = Float(bus.pan)
      change.buses[bus.slot] = strip
    }
    return LentSessionChange(change, mix: mix)
  }
}
