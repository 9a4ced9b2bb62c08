import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import Jobs
import MusicalTime
import Tools

// Parts of results come in: counted, taken apart on a thread of their own, told, and given to the regions that grow.
extension Conductor {
  func take(_ chunk: HostChunk, of job: JobID, epoch: UInt64) {
    let isRefused = chunk.fault == GrowthGate.full
    guard let record = jobs?.live[job] else {
      if !isRefused { growth.gate.leave(chunk.bytes.count) }
      growth.change(job) { $0.late += 1 }
      return tell(chunk, of: job, fault: "its job has ended")
    }
    guard let stream = growth.stream(of: job, epoch: epoch, sampleRate: engine.sampleRate) else {
      if !isRefused { growth.gate.leave(chunk.bytes.count) }
      growth.change(job) { $0.stale += 1 }
      return tell(chunk, of: job, fault: "it is of an attempt that is over")
    }
    growth.change(job) {
      $0.parts += 1
      $0.bytes += chunk.bytes.count
    }
    if isRefused {
      growth.change(job) { $0.refused += 1 }
      return tell(chunk, of: job, fault: GrowthGate.full)
    }
    if let fault = chunk.fault {
      growth.gate.leave(chunk.bytes.count)
      growth.change(job) { $0.late += 1 }
      return tell(chunk, of: job, fault: fault)
    }
    guard let draft = stream.draft, !regions(of: record).isEmpty else {
      growth.gate.leave(chunk.bytes.count)
      return tell(chunk, of: job, fault: nil)
    }
    takeApart(chunk, draft, job, epoch)
  }

  private func takeApart(_ chunk: HostChunk, _ draft: StreamDraft, _ job: JobID, _ epoch: UInt64) {
    let gate = growth.gate
    do throws(Refusal) {
      try load(
        on: grower,
        {
          defer { gate.leave(chunk.bytes.count) }
          return .grown(draft.take(chunk))
        },
        then: { [self] loaded in
          guard case .grown(let news) = loaded else { return }
          take(news, chunk, of: job, epoch: epoch)
        })
    } catch {
      gate.leave(chunk.bytes.count)
      growth.change(job) { $0.refused += 1 }
      tell(chunk, of: job, fault: GrowthGate.full)
    }
  }

  private func take(_ news: GrowthNews, _ chunk: HostChunk, of job: JobID, epoch: UInt64) {
    guard growth.streams[job]?.epoch == epoch else { return }
    growth.change(job) { stream in
      stream.tally = news.tally
      if let content = news.content, !stream.isOver {
        stream.content = content
        stream.length = content.length
      }
    }
    tell(chunk, of: job, fault: news.fault)
    guard let record = jobs?.live[job], news.content != nil else { return }
    for id in regions(of: record) { grow(id) }
  }

  private func tell(_ chunk: HostChunk, of job: JobID, fault: String?) {
    let stream = growth.streams[job]
    var fields: [(String, JSONValue)] = [
      ("type", "chunk"), ("job_id", .string(job.text)), ("sequence", .integer(Int64(chunk.sequence))),
      ("n", .integer(Int64(stream.map { $0.number + 1 } ?? 0))),
      ("mime_type", .string(String(chunk.type.prefix(80)))), ("bytes", .integer(Int64(chunk.bytes.count))),
      ("offset", JSONValue(chunk.offset)),
    ]
    if let length = stream?.length { fields.append(length.field(at: engine.sampleRate)) }
    if let fault { fields.append(("ignored", .string(fault))) }
    let event = JSONValue(fields)
    if fault != nil { growth.ignored += 1 }
    growth.change(job) { stream in
      stream.number += 1
      stream.told.append(event)
      if stream.told.count > GrowthLimits.told { stream.told.removeFirst() }
    }
    guard server.isSubscribed(topic: "job") else { return }
    server.publishEvent(topic: "job", content: event)
  }

  // MARK: Shown

  /// What was told of a job's parts, again: for who comes late.
  func jobParts(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let after = Int64(arguments.integer(.after) ?? 0)
    let limit = arguments.integer(.limit) ?? 1000
    try find(arguments, incoming) { [self] (job: JobID) throws(Refusal) in
      let told = (growth.streams[job]?.told ?? []).filter {
        ($0["n"]?.int).map { Int64($0) > after } ?? false
      }
      finish(
        incoming,
        .ok([
          "job_id": .string(job.text), "stream": streamJSON(job) ?? nil,
          "parts": .array(Array(told.prefix(limit))),
        ]))
    }
    return .later
  }

  /// A job's stream as it is shown; nil where nothing of one has come.
  func streamJSON(_ job: JobID) -> JSONValue? {
    guard let stream = growth.streams[job] else { return nil }
    let tally = stream.tally
    var fields: [(String, JSONValue)] = [
      ("parts", .integer(Int64(stream.parts))), ("bytes", .integer(Int64(stream.bytes))),
      ("used", .integer(Int64(tally.used))), ("repeated", .integer(Int64(tally.repeated))),
      ("lost", .integer(Int64(tally.lost))), ("unused", .integer(Int64(tally.unused))),
      ("late", .integer(Int64(stream.late))), ("stale", .integer(Int64(stream.stale))),
      ("refused", .integer(Int64(stream.refused))), ("overlapping", .integer(Int64(tally.overlapping))),
      ("fault", JSONValue(tally.fault)),
    ]
    if let length = stream.length { fields.append(length.field(at: engine.sampleRate)) }
    return JSONValue(fields)
  }

  /// `{beats, of_beats}` of a region that grows.
  func growingJSON(_ id: UUID) -> JSONValue {
    guard let grown = growth.regions[id], case .growing = grown.phase,
      let length = growth.streams[grown.job]?.length
    else { return nil }
    let wanted = timeline.latents[id]?.length ?? 0
    return [
      "beats": .number((Double(ticks(length, from: grown.region.start)) / Double(ticksPerBeat)).hundredths),
      "of_beats": wanted > 0 ? .number((Double(wanted) / Double(ticksPerBeat)).hundredths) : nil,
    ]
  }

  func ticks(_ length: GrownLength, from start: Tick) -> Tick {
    switch length {
    case .ticks(let ticks): return ticks
    case .frames(let frames):
      let first = timeline.map.exactFrame(atTick: Double(start))
      return Tick(timeline.map.tick(atFrame: first + Double(frames)).rounded()) - start
    }
  }
}

extension GrownLength {
  /// `beats` of music, `seconds` of sound.
  func field(at sampleRate: Double) -> (String, JSONValue) {
    switch self {
    case .ticks(let ticks): ("beats", .number((Double(ticks) / Double(ticksPerBeat)).hundredths))
    case .frames(let frames): ("seconds", .number((Double(frames) / sampleRate).hundredths))
    }
  }
}
