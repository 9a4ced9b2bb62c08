import Arrangement
import FoundationEssentials
import HootWire
import Media
import MusicalTime
import RealtimeEngine
import Tools

/// What the Conductor knows of streams: which heads are wanted, which have come, and which tables of them the
/// renderer may still read.
struct Streaming {
  /// The timeline as it was when the plan was made, and where the playhead was.
  var plan: HeadPlan?
  var plannedTick = 0.0
  var planned = ContinuousClock.now
  var wanted: [HeadKey] = []
  var heads: [HeadKey: StreamHeadContent] = [:]
  var isChanged = false
  private(set) var current: CompiledHeads?
  private var kept: [UInt64: CompiledHeads] = [:]
  private var nextRevision: UInt64 = 1

  /// Clips the reader has been told of.
  var clips: Set<UInt64> = []

  mutating func compile() -> CompiledHeads {
    let table = CompiledHeads(revision: nextRevision, contents: wanted.compactMap { heads[$0] })
    nextRevision += 1
    return table
  }

  mutating func send(_ table: CompiledHeads) {
    kept[table.revision] = table
    current = table
    isChanged = false
  }

  mutating func retired(_ revision: UInt64) { kept[revision] = nil }

  /// Memory of all heads that are kept, those of replaced tables included.
  var bytes: Int {
    var seen: Set<ObjectIdentifier> = []
    return (kept.values.flatMap(\.contents) + heads.values).reduce(0) { sum, head in
      seen.insert(ObjectIdentifier(head)).inserted ? sum + head.bytes : sum
    }
  }
}

extension Conductor {
  func jumpFlags(_ arguments: Arguments) -> UInt8 {
    var flags = arguments.isSet(.now) ? JumpFlags.now : UInt8(0)
    if let chases = arguments.bool(.chaseNotes) {
      flags += chases ? JumpFlags.chaseNotes : JumpFlags.leaveNotes
    }
    return flags
  }

  /// Makes a clip known to the reader before the renderer can ask for it.
  func stream(_ material: ClipMaterial) throws(Refusal) {
    guard case .stream(let clip) = material.content, !streaming.clips.contains(clip.id) else { return }
    let clips = streamedClips
    guard clips.count < ControlLimits.streamedFiles else {
      throw Refusal(
        "full", .refused, "\(clip.audio.path) cannot be added",
        "\(clips.count) files stream, and at most \(ControlLimits.streamedFiles) may",
        "garden status --limits")
    }
    reader.tell(.clips(clips + [clip]))
    streaming.clips.insert(clip.id)
  }

  private var streamedClips: [StreamedClip] {
    let sessions = [sessions.preparing?.session, sessions.prepared, sessions.entering?.session]
    let coming = sessions.compactMap { $0 }.flatMap(\.material.values)
    var seen: Set<UInt64> = []
    return (Array(material.values) + coming).compactMap { material in
      guard case .stream(let clip) = material.content, seen.insert(clip.id).inserted else { return nil }
      return clip
    }
  }

  /// Keeps the heads where the playhead can land: planned anew after an edit, or when the playhead has moved
  /// on by some seconds. Ten times a second.
  func tendHeads() {
    forgetClips()
    guard !streaming.clips.isEmpty || streaming.current != nil else { return }
    let tick = exactPlayhead
    let moved = abs(timeline.map.seconds(atTick: tick) - timeline.map.seconds(atTick: streaming.plannedTick))
    let isRested = ContinuousClock.now - streaming.planned > .milliseconds(250)
    if streaming.plan == nil, isRested {
      streaming.planned = .now
      streaming.plan = HeadPlan(timeline, material: material)
      planHeads(tick)
    } else if streaming.plan != nil, moved > 2 {
      planHeads(tick)
    }
    sendHeads()
  }

  private func forgetClips() {
    let clips = streamedClips
    let ids = Set(clips.map(\.id))
    guard ids != streaming.clips else { return }
    reader.tell(.clips(clips))
    streaming.clips = ids
    streaming.plan = nil
  }

  private func planHeads(_ tick: Double) {
    streaming.plannedTick = tick
    let keys =
      streaming.plan?.keys(
        playhead: timeline.map.frame(atTick: Tick(tick)), sampleRate: engine.sampleRate,
        budgetBytes: settings.headMegabytes * 1_000_000) ?? []
    guard keys != streaming.wanted else { return }
    streaming.wanted = keys
    let wanted = Set(keys)
    streaming.heads = streaming.heads.filter { wanted.contains($0.key) }
    streaming.isChanged = true
    reader.tell(.heads(keys.filter { streaming.heads[$0] == nil }))
  }

  private func sendHeads() {
    guard streaming.isChanged, engine.commands.turn.free() > 0 else { return }
    let table = streaming.compile()
    let command = Command(id: 0, kind: .heads, dueFrame: deviceFrame, address: table.address)
    guard engine.commands.push(command) else { return }
    streaming.send(table)
  }

  func takeReaderNews() {
    for news in reader.drain() {
      switch news {
      case .head(let head):
        let key = HeadKey(clip: head.stream, first: head.first)
        guard streaming.wanted.contains(key) else { continue }
        streaming.heads[key] = head
        streaming.isChanged = true
      case .changed(let id):
        guard let clip = streamedClips.first(where: { $0.id == id }) else { continue }
        warn("\(clip.audio.path) has been changed since it was loaded: it plays as it is now")
      }
    }
  }

  // MARK: News of streams

  func overtaken(_ notice: Notice) {
    for (id, command) in landing.land(notice.id) {
      let refusal = Refusal(
        "overtaken", .refused, "\(command.tool) was not done", "a later jump came before it was ready",
        "garden seek 5:1 --now")
      let fields: [(String, JSONValue)] = [
        ("type", "failed"), ("command", JSONValue(id)), ("tool", .string(command.tool)),
        ("frame", .integer(notice.frame)),
      ]
      let detail = refusal.content["detail"]?.object?.members.map { ($0.key, $0.value) } ?? []
      server.publishEvent(topic: "command", content: JSONValue(fields + detail))
    }
  }

  func publishStarvation(_ notice: Notice) {
    let region = timeline.regions[key: notice.id] ?? growth.region(key: notice.id)
    let cause = starvationCause(UInt64(notice.address), region)
    let isOver: Bool = if case .starved = notice.kind { true } else { false }
    var fields: [(String, JSONValue)] = [
      ("type", isOver ? "starved" : "starving"),
      ("region", region.map { .string($0.id.uuidString.lowercased()) } ?? nil),
      ("name", region.map { .string($0.name) } ?? nil), ("cause", .string(cause)),
      ("frame", .integer(notice.frame)),
    ]
    if isOver { fields.append(("frames", .integer(notice.late))) }
    server.publishEvent(topic: "audio", content: JSONValue(fields + placeFields(notice.tick)))
    if !isOver { warn("\(region?.name ?? "a region") is silent: \(cause)") }
  }

  private func starvationCause(_ cause: UInt64, _ region: Region?) -> String {
    let milliseconds = Int((reader.watch.slowestSeconds * 1000).rounded())
    let path = region.flatMap { timeline.clips[$0.clip]?.path } ?? "its file"
    return switch cause {
    case StreamCause.notReady: "not ready after the jump: a read took \(milliseconds) ms"
    case StreamCause.noRing: "all \(EngineLimits.streams) streams are in use"
    case StreamCause.unreadable: "\(path) cannot be read"
    case StreamCause.notMade: "its job has not made it this far"
    case StreamCause.cutShort: "\(path) ends before its header says"
    default: "the disk is late: a read took \(milliseconds) ms"
    }
  }

  func streamingStatus(_ report: Report) -> JSONValue {
    [
      "files": .integer(Int64(streaming.clips.count)),
      "armed_streams": .integer(Int64(engine.streams.armed)),
      "stream_limit": .integer(Int64(EngineLimits.streams)),
      "stream_bytes": .integer(Int64(engine.streams.bytes)),
      "heads": .integer(Int64(streaming.current?.contents.count ?? 0)),
      "head_bytes": .integer(Int64(streaming.bytes)), "starvations": JSONValue(report.starvations),
      "frames_starved": JSONValue(report.framesStarved),
      "regions_growing": .integer(Int64(growth.regions.count)),
      "parts_ignored": .integer(Int64(growth.ignored)), "readers_hung": .integer(Int64(reader.hung)),
      "slowest_read_ms": .number((reader.watch.slowestSeconds * 1000).hundredths),
    ]
  }
}
