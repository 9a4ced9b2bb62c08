import ContentStore
import ControlSocket
import HootWire
import Jobs
import Ledger
import Tools

extension Conductor {
  func listArtifacts(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let limit = arguments.integer(.limit) ?? 100
    let text = arguments.text(.before)
    guard let place = text.map({ ArtifactPlace($0) }) ?? .start else {
      throw Refusal(
        "bad_place", .usage, "\(shownText(text ?? "")) is no place in the list of artifacts",
        "It is what the page before gave as next.", "garden artifact ls")
    }
    let type = arguments.text(.kind)
    try readLedger(
      { store throws(LedgerError) in
        try store.artifacts(type: type, after: place, limit: limit)
      },
      then: { [self] result in
        resume(incoming) { () throws(Refusal) in
          let rows = try result.get()
          let next: JSONValue =
            rows.count < limit
            ? nil : JSONValue(rows.last.map { ArtifactPlace(at: $0.at, hash: $0.hash).text })
          finish(incoming, .ok(["artifacts": .array(rows.map(\.json)), "next": next]))
        }
      })
    return .later
  }

  /// What the ledger knows of it; its file is not looked at.
  func showArtifact(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let wanted = String((arguments.text(.hash) ?? "").prefix(32))
    try readLedger(
      { store throws(LedgerError) in
        let rows = try store.artifacts(beginningWith: wanted, limit: 2)
        let job = rows.count == 1 ? try store.job(rows[0].job) : nil
        let regions = rows.count == 1 ? try store.regions(of: rows[0].hash) : []
        return (rows, job, regions)
      },
      then: { [self] (result: Result<([ArtifactRow], JobRecord?, [String]), Refusal>) in
        resume(incoming) { () throws(Refusal) in
          let (rows, job, regions) = try result.get()
          guard let row = rows.first, rows.count == 1 else {
            throw Refusal(
              rows.isEmpty ? "unknown_artifact" : "ambiguous", .refused,
              "\(shownText(wanted)) means \(rows.isEmpty ? "no artifact" : "several artifacts")",
              rows.isEmpty ? "No job has made one of that hash." : "Give more of its digits.",
              "garden artifact ls")
          }
          var fields = row.json.object?.members.map { ($0.key, $0.value) } ?? []
          fields += [
            ("tool", JSONValue(job?.spec.tool)),
            // The ledger holds what was checked when it came.
            ("parameters", job.flatMap { try? JSONValue.parse($0.spec.parameters) } ?? nil),
            ("regions", .array(regions.map { .string($0) })), ("path", .string(store.objectPath(row.hash))),
          ]
          finish(incoming, .ok(["artifact": JSONValue(fields)]))
        }
      })
    return .later
  }

  func addArtifact(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let path = arguments.text(.file) ?? ""
    let label = arguments.text(.label) ?? ""
    let store = store
    let now = jobs?.clock() ?? 0
    willStore(.artifactAdd, arguments, incoming)
    try load(
      on: storekeeper,
      {
        .artifact(
          Result { () throws(Refusal) in
            do throws(StoreError) {
              let stored = try store.put(file: path)
              return ArtifactRow(
                hash: stored.hash, type: stored.mimeType, bytes: stored.bytes, label: label,
                job: JobID(high: 0, low: 0), at: now)
            } catch { throw Refusal(error) }
          })
      },
      then: { [self] loaded in
        hasStored(incoming)
        guard case .artifact(let result) = loaded else { return }
        resume(incoming) { () throws(Refusal) in
          let row = try result.get()
          try write(.keepArtifact(row)) { [self] refusal in
            resume(incoming) { () throws(Refusal) in
              if let refusal { throw refusal }
              finish(incoming, .ok(["artifact": row.json]))
            }
          }
        }
      })
    return .later
  }

  /// Writes into the ledger; `then` hears once it is durable.
  func write(_ write: LedgerWrite, then: @escaping (Refusal?) -> Void) throws(Refusal) {
    let ledger = ledger
    try ask(
      LedgerError?.self,
      { _, answer in
        ledger.write(write) { result in
          if case .failure(let error) = result { answer(error) } else { answer(nil) }
        }
      },
      then: { then($0.map { Refusal($0) }) })
  }

  // MARK: Forgetting

  /// Those that no region, no take and no live job uses.
  func collectArtifacts(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let days = arguments.number(.older) ?? 1
    let now = jobs?.clock() ?? 0
    let before = now - JobTime(days * 86_400_000)
    let isForced = arguments.isSet(.force)
    try readLedger(
      { store throws(LedgerError) in
        var rows: [ArtifactRow] = []
        var place = ArtifactPlace(at: before, hash: "")
        while true {
          let page = try store.artifacts(type: nil, after: place, limit: LedgerLimits.page)
          rows += page
          guard page.count == LedgerLimits.page, let last = page.last else { return rows }
          place = ArtifactPlace(at: last.at, hash: last.hash)
        }
      },
      then: { [self] (result: Result<[ArtifactRow], Refusal>) in
        resume(incoming) { () throws(Refusal) in
          let used = usedContent
          let unused = try result.get().filter { !used.contains($0.hash) }
          guard isForced, !unused.isEmpty else {
            return finish(incoming, .ok(Self.collected(unused, done: false)))
          }
          try forget(unused, incoming)
        }
      })
    return .later
  }

  private var usedContent: Set<String> {
    var used = Set(timeline.clips.values.compactMap(\.content))
    for latent in timeline.latents.values {
      used.formUnion(latent.takes?.map(\.content) ?? [])
      if let content = latent.content { used.insert(content) }
    }
    for record in jobs?.live.values ?? [:].values { used.formUnion(record.spec.inputs.map(\.hash)) }
    return used
  }

  /// The rows first: a file without a row is content of the store like any other, a row without a file is a lie.
  private func forget(_ rows: [ArtifactRow], _ incoming: Incoming) throws(Refusal) {
    try write(.forgetArtifacts(rows.map(\.hash))) { [self] refusal in
      resume(incoming) { () throws(Refusal) in
        if let refusal { throw refusal }
        let store = store
        try load(
          on: storekeeper,
          {
            for row in rows { store.remove(row.hash) }
            return .done(.success(()))
          },
          then: { [self] _ in
            guard peers.isWanted(incoming) else { return }
            finish(incoming, .ok(Self.collected(rows, done: true)))
          })
      }
    }
  }

  private static func collected(_ rows: [ArtifactRow], done: Bool) -> JSONValue {
    [
      "count": .integer(Int64(rows.count)), "bytes": .integer(rows.reduce(0) { $0 + $1.bytes }),
      "done": .bool(done), "artifacts": .array(rows.prefix(100).map(\.json)),
    ]
  }
}

extension ArtifactRow {
  var json: JSONValue {
    [
      "hash": .string(hash), "type": .string(type), "bytes": .integer(bytes), "label": .string(label),
      "job": job == JobID(high: 0, low: 0) ? nil : .string(job.text), "at": .string(JobView.text(at)),
      "at_ms": .integer(at),
    ]
  }
}
