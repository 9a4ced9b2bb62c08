import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import MusicalTime
import RealtimeEngine
import Tools

/// The sessions beside the one that plays.
struct SessionShelf {
  /// The file the present session came from or was saved to last.
  var file: String?
  /// What is being loaded; another order replaces it.
  var preparing: Preparation?
  var prepared: PreparedSession?
  /// Waits for the playhead.
  var entering: Entering?
  /// Taken back, but the renderer may be ahead of the taking back: kept until that has landed.
  var takenBack: [UInt64: Entering] = [:]
  /// Lent to the renderer until the command of that id has landed.
  var lent: [UInt64: LentSessionChange] = [:]

  struct Entering {
    var id: UInt64
    /// Where the present playhead must come.
    var at: Tick
    var session: PreparedSession
    var lent: LentSessionChange
  }

  /// One session on its way: its clips, then its synths, one order after the other, so that others' files come in
  /// between.
  final class Preparation {
    let session: PreparedSession
    var clips: ArraySlice<Clip>
    var tracks: ArraySlice<Track>
    let total: Int
    let finish: (Result<PreparedSession, Refusal>) -> Void

    init(_ session: PreparedSession, _ finish: @escaping (Result<PreparedSession, Refusal>) -> Void) {
      self.session = session
      clips = session.draft.clipsToLoad[...]
      tracks = session.draft.tracksWithSynths[...]
      total = clips.count + tracks.count
      self.finish = finish
    }

    var done: Int { total - clips.count - tracks.count }
  }
}

extension Conductor {
  // MARK: Preparing

  /// `session next FILE`: everything that takes time happens now, and nothing that is heard.
  func prepareSession(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try prepare(arguments) { [self] result in
      resume(incoming) { () throws(Refusal) in
        let session = try result.get()
        finish(incoming, .ok(["session": preparedJSON(session)]))
      }
    }
    return .later
  }

  /// `session load FILE`: prepared and entered.
  func loadSession(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    if let at = arguments.text(.at), at != "now" { _ = try tick(at) }
    try prepare(arguments) { [self] result in
      resume(incoming) { () throws(Refusal) in
        _ = try result.get()
        if case .reply(let content) = try enterSession(arguments) { finish(incoming, content) }
      }
    }
    return .later
  }

  private func prepare(
    _ arguments: Arguments, then: @escaping (Result<PreparedSession, Refusal>) -> Void
  ) throws(Refusal) {
    guard sessions.entering == nil else {
      throw Refusal(
        "busy", .refused, "the next session is fixed already",
        "it is entered when the playhead gets to its place", "garden session drop")
    }
    let path = arguments.text(.file) ?? ""
    try prepare(path, reader(of: path, allowMissing: arguments.isSet(.allowMissing)), then: then)
  }

  /// - Parameter read: reads the session, on the loader's thread.
  func prepare(
    _ path: String, _ read: @escaping @Sendable () throws(Refusal) -> SessionDraft,
    then: @escaping (Result<PreparedSession, Refusal>) -> Void
  ) throws(Refusal) {
    try load(
      { .session(Result { () throws(Refusal) in try read() }) },
      then: { [self] loaded in
        guard case .session(let result) = loaded else { return }
        switch result {
        case .success(let draft):
          sessions.preparing?.finish(.failure(Self.sessionReplaced))
          let preparation = SessionShelf.Preparation(PreparedSession(draft), then)
          if journal.restoring != nil { journal.restoring = (0, preparation.total) }
          sessions.preparing = preparation
          goOn(preparation)
        case .failure(let refusal): fail(path, refusal, then)
        }
      })
  }

  static let sessionReplaced = Refusal(
    "replaced", .refused, "the session was not prepared", "another one was asked for in the meantime",
    "garden session ls")

  private func fail(
    _ path: String, _ refusal: Refusal, _ then: (Result<PreparedSession, Refusal>) -> Void
  ) {
    server.publishEvent(
      topic: "session",
      content: [
        "type": "prepare_failed", "file": .string(path), "detail": refusal.content["detail"] ?? nil,
      ])
    then(.failure(refusal))
  }

  /// The next clip, else the next synths, else done.
  private func goOn(_ preparation: SessionShelf.Preparation) {
    guard sessions.preparing === preparation else { return }
    let draft = preparation.session.draft
    if journal.restoring != nil { journal.restoring = (preparation.done, preparation.total) }
    if preparation.total > 0 {
      server.publishEvent(
        topic: "session",
        content: [
          "type": "preparing", "file": .string(draft.file), "done": .integer(Int64(preparation.done)),
          "total": .integer(Int64(preparation.total)),
        ])
    }
    do {
      if let clip = preparation.clips.popFirst() {
        try loadClip(clip, preparation)
      } else if let track = preparation.tracks.popFirst() {
        try loadSynths(track, preparation)
      } else {
        complete(preparation)
      }
    } catch { giveUp(preparation, error) }
  }

  /// A session that was kept comes back whatever is missing: what cannot be had is silent, and said.
  private func doWithout(
    _ name: String, _ preparation: SessionShelf.Preparation, _ refusal: Refusal
  ) {
    guard preparation.session.draft.kept != nil else { return giveUp(preparation, refusal) }
    preparation.session.draft.warnings.append(
      "\(name) is silent: \(refusal.lines.prefix(2).joined(separator: ": "))")
    goOn(preparation)
  }

  private func giveUp(_ preparation: SessionShelf.Preparation, _ refusal: Refusal) {
    guard sessions.preparing === preparation else { return }
    sessions.preparing = nil
    dispose(preparation.session)
    fail(preparation.session.draft.file, refusal, preparation.finish)
  }

  private func loadClip(_ clip: Clip, _ preparation: SessionShelf.Preparation) throws(Refusal) {
    let session = preparation.session
    // What plays now already is not decoded twice.
    let same = material.values.first { $0.clip.isSameFile(as: clip) }
    if let same {
      keep(same, as: clip, in: session)
      return goOn(preparation)
    }
    let used = session.bytes + material.values.reduce(0) { $0 + $1.bytes }
    let room = max(0, settings.clipMegabytes * 1_000_000 - used)
    let resident = settings.residentMegabytes * 1_000_000
    let rate = engine.sampleRate
    let store = store
    try load(
      {
        .clip(
          Result { () throws(Refusal) in
            try ClipMaterial.load(
              clip.reference, from: store, sampleRate: rate, residentBytes: resident, limitBytes: room)
          })
      },
      then: { [self] loaded in
        guard case .clip(let result) = loaded else { return }
        switch result {
        case .success(let loaded):
          do throws(Refusal) { try stream(loaded) } catch {
            return doWithout(clip.path, preparation, error)
          }
          keep(loaded, as: clip, in: session)
          goOn(preparation)
        case .failure(let refusal): doWithout(clip.path, preparation, refusal)
        }
      })
  }

  private func keep(_ loaded: ClipMaterial, as clip: Clip, in session: PreparedSession) {
    var loaded = loaded
    if !loaded.clip.isSameFile(as: clip) {
      session.draft.warnings.append("\(clip.path) has changed since the session was saved")
    }
    loaded.clip.id = clip.id
    session.draft.timeline.addClip(loaded.clip)
    session.material[clip.id] = loaded
  }

  private func loadSynths(_ track: Track, _ preparation: SessionShelf.Preparation) throws(Refusal) {
    let wish = SynthSettings(
      soundfont: track.soundfont ?? preparation.session.draft.font, sampleRate: engine.sampleRate,
      effects: settings.effects, interpolation: SynthSettings.Interpolation(track.interpolation))
    let store = store
    try load(
      {
        .bank(
          Result { () throws(Refusal) in
            var resolved = wish
            resolved.soundfont = try FontLibrary.resolve(wish.soundfont, in: store)
            return try SynthBankContent.load(resolved)
          })
      },
      then: { [self] loaded in
        guard case .bank(let result) = loaded else { return }
        switch result {
        case .success(let bank):
          // Given up in the meantime: nobody has it, and freeing it is the loader's work.
          guard sessions.preparing === preparation else { return loader.dispose(bank) }
          preparation.session.banks[track.id] = bank
          goOn(preparation)
        case .failure(let refusal): doWithout(track.name, preparation, refusal)
        }
      })
  }

  private func complete(_ preparation: SessionShelf.Preparation) {
    sessions.preparing = nil
    if let old = sessions.prepared { dispose(old) }
    let session = preparation.session
    // Strips of its own where there are any left, so that the tails of this session keep theirs.
    session.draft.timeline.placeTracks(avoiding: Set(timeline.tracks.map(\.slot)))
    session.draft.timeline.placeBuses(avoiding: Set(timeline.buses.map(\.slot)))
    let revision = schedules.nextSessionRevision
    session.schedule = session.compiler.schedule(
      session.draft.timeline, material: session.material, revision: revision, tempoRevision: revision)
    sessions.prepared = session
    server.publishEvent(
      topic: "session", content: ["type": "prepared", "session": preparedJSON(session)])
    preparation.finish(.success(session))
  }

  /// Its synths are freed by the loader.
  func dispose(_ session: PreparedSession) {
    for bank in session.banks.values { loader.dispose(bank) }
    session.banks = [:]
  }
}
