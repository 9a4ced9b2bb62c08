import Arrangement
import ControlSocket
import FoundationEssentials
import Ledger

// Content that must not be forgotten, because something may want to play it again.
extension Conductor {
  /// What this session uses, or has used in edits that can be taken back, with what is prepared and what live jobs need.
  var contentInUse: Set<String> {
    var used = timeline.contents
    for record in jobs?.live.values ?? [:].values { used.formUnion(record.spec.inputs.map(\.hash)) }
    for step in journal.history.steps { used.formUnion(step.change?.contents ?? []) }
    for session in [sessions.prepared, sessions.preparing?.session, sessions.entering?.session] {
      used.formUnion(session?.draft.timeline.contents ?? [])
    }
    return used
  }

  /// What kept sessions use. One that cannot be read may use anything: then nothing is forgotten.
  func contents(
    of sessions: [KeptRows], _ incoming: Incoming, then: @escaping (Set<String>) throws(Refusal) -> Void
  ) throws(Refusal) {
    try load(
      on: storekeeper,
      {
        .contents(
          Result { () throws(Refusal) in
            var used: Set<String> = []
            for session in sessions { used.formUnion(try session.contents) }
            return used
          })
      },
      then: { [self] loaded in
        guard case .contents(let result) = loaded else { return }
        resume(incoming) { () throws(Refusal) in try then(try result.get()) }
      })
  }
}

extension KeptRows {
  /// Every session that is kept. On the ledger's thread.
  static func all(from store: any JobLedger) throws(LedgerError) -> [KeptRows] {
    var all: [KeptRows] = []
    for row in try store.sessions() { all.append(try read(row.name, from: store)) }
    return all
  }

  fileprivate var contents: Set<String> {
    get throws(Refusal) {
      do {
        var used: Set<String> = []
        if let row {
          let document = try SealedBytes.open(row.bytes, as: KeptSession.self).document
          used.formUnion(document.clips.compactMap(\.content))
          for latent in document.latents ?? [] { used.formUnion(latent.contents) }
        }
        for entry in entries {
          used.formUnion(try SealedBytes.open(entry.bytes, as: JournalRecord.self).change?.contents ?? [])
        }
        return used
      } catch {
        throw Refusal(
          "unreadable", .refused, "nothing was forgotten",
          "the session \(name) cannot be read, and may use any of it: \(error)",
          "garden session rm \(name.shellWord)")
      }
    }
  }
}

extension LatentRegion {
  fileprivate var contents: [String] {
    (takes?.map(\.content) ?? []) + [content, artifact, parent].compactMap { $0 }
  }
}

extension Timeline {
  fileprivate var contents: Set<String> {
    Set(clips.values.compactMap(\.content)).union(latents.values.flatMap(\.contents))
  }
}

extension TimelineChange {
  fileprivate var contents: Set<String> {
    var used: Set<String> = []
    for change in clips ?? [] {
      used.formUnion([change.old?.content, change.new?.content].compactMap { $0 })
    }
    for change in latents ?? [] {
      used.formUnion(change.old?.contents ?? [])
      used.formUnion(change.new?.contents ?? [])
    }
    return used
  }
}
