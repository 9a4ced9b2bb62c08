import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import MusicalTime
import Tools

/// A region as peers see it: one that plays, or one that waits for its clip.
struct PeerRegion {
  let id: UUID
  let key: UInt64
  let start: Tick
  let length: Tick
  let name: String?
  let latent: LatentRegion?
  let kind: Clip.Kind?
  /// What the store calls its content.
  let content: String?
  let isPlayable: Bool

  var isLatent: Bool { latent?.isJob == true }
  var wireID: JSONValue { .string(id.wireText) }
  var position: JSONValue { .number(Double(start) / Double(ticksPerBeat)) }
  var duration: JSONValue { .number(Double(length) / Double(ticksPerBeat)) }
}

extension Conductor {
  var peerRegionCount: Int { timeline.regions.count + timeline.silentLatents.count }

  /// Every region that starts in a range, in the order of the timeline.
  func peerRegions(in range: Range<Tick>) throws(Refusal) -> [PeerRegion] {
    guard peerRegionCount <= ControlLimits.peerRegions else {
      throw Refusal.peer(
        "there are too many regions for one reply: \(peerRegionCount), and \(ControlLimits.peerRegions) fit",
        why: "region_ls gives them in parts", next: "garden region ls --from 0 --to 64")
    }
    var found: [PeerRegion] = []
    for chunk in timeline.regions.chunks {
      for region in chunk.elements where range.contains(region.start) { found.append(peerRegion(region)) }
    }
    for latent in timeline.silentLatents where range.contains(latent.start) {
      found.append(
        PeerRegion(
          id: latent.id, key: latent.key, start: latent.start, length: latent.length, name: nil,
          latent: latent,
          kind: latent.kind, content: latent.content, isPlayable: false))
    }
    return found.sorted { ($0.start, $0.key) < ($1.start, $1.key) }
  }

  private func peerRegion(_ region: Region) -> PeerRegion {
    let latent = timeline.latents[region.id]
    let clip = timeline.clips[region.clip]
    return PeerRegion(
      id: region.id, key: latent?.key ?? region.key, start: region.start, length: region.length,
      name: region.name, latent: latent, kind: clip?.kind, content: clip?.content ?? latent?.content,
      isPlayable: true)
  }

  // MARK: Requests

  func peerRegions(_ arguments: PeerArguments) throws(Refusal) -> JSONValue {
    let regions = try peerRegions(in: try peerRange(arguments))
    let listed = regions.map { region -> JSONValue in
      guard arguments.isJSON else {
        return [
          "region_id": region.wireID, "position": region.position, "duration": region.duration,
          "behavior_type": region.isLatent ? "latent" : "content",
          "content_id": .string(region.content ?? ""),
        ]
      }
      return [
        "region_id": region.wireID, "position": region.position, "duration": region.duration,
        "is_latent": .bool(region.isLatent), "artifact_id": JSONValue(region.content),
      ]
    }
    guard arguments.isJSON else {
      return [
        "type": "garden_regions", "regions": .array(listed), "count": .integer(Int64(listed.count)),
      ]
    }
    return ["type": "regions", "regions": .array(listed)]
  }

  /// Zero as an end means none in the form that has no other word for it; a start of 0 is one all the same.
  private func peerRange(_ arguments: PeerArguments) throws(Refusal) -> Range<Tick> {
    let everything = Tick(0)..<Tick(TimeLimits.maximumTick) + 1
    var (start, end) = (JSONValue.number(0), JSONValue.number(0))
    if arguments.isJSON {
      guard let range = arguments.content["range"], range != .null else { return everything }
      guard let pair = range.array, pair.count == 2 else {
        throw Refusal.peer("Failed to parse JSON ShellRequest: `range` must be two numbers or null")
      }
      (start, end) = (pair[0], pair[1])
    } else {
      (start, end) = (arguments.content["start"] ?? start, arguments.content["end"] ?? end)
    }
    let bounds = PeerArguments(content: ["start": start, "end": end], form: arguments.form)
    let first = try bounds.tick("start")
    let last = try bounds.tick("end")
    if !arguments.isJSON, last == 0 { return first..<everything.upperBound }
    return first..<max(first, last)
  }

  func peerDeleteRegion(_ arguments: PeerArguments) throws(Refusal) -> Answer {
    let id = try knownRegion(arguments)
    let edited = try edit { timeline throws(ArrangementError) in timeline.removeLatents([id]) }
    _ = try commit("region_rm", edited)
    return .reply(Self.ack(arguments))
  }

  func peerMoveRegion(_ arguments: PeerArguments) throws(Refusal) -> Answer {
    let id = try knownRegion(arguments)
    let start = try arguments.tick("new_position")
    let edited = try edit { timeline throws(ArrangementError) in
      if timeline.latents[id] != nil {
        try timeline.updateLatent(id) { latent throws(ArrangementError) in latent.start = start }
      }
      guard var region = timeline.regions[id] else { return }
      region.start = start
      try timeline.updateRegion(region)
    }
    _ = try commit("region_mv", edited)
    return .reply(Self.ack(arguments))
  }

  func peerClearRegions(_ arguments: PeerArguments) throws(Refusal) -> Answer {
    try checkStageLock(Catalogue.tool(.regionClear), Arguments())
    let count = peerRegionCount
    let ids = Set(timeline.regions.map(\.id)).union(timeline.latents.keys)
    let edited = try edit { timeline throws(ArrangementError) in timeline.removeLatents(ids) }
    _ = try commit("region_clear", edited)
    return .reply(
      Self.done(arguments, ["cleared": .integer(Int64(count))], "cleared \(count) regions"))
  }

  private func knownRegion(_ arguments: PeerArguments) throws(Refusal) -> UUID {
    let id = try arguments.uuid("region_id")
    guard timeline.regions[id] != nil || timeline.latents[id] != nil else {
      throw Refusal.peer(
        "Region \(id.wireText) not found", why: "the timeline has no region with this id",
        next: "garden region ls")
    }
    return id
  }

  // MARK: Making one

  func peerCreateRegion(_ arguments: PeerArguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let start = try arguments.tick("position")
    let length = try arguments.tick("duration")
    switch try behaviour(arguments) {
    case .job(let job):
      let (edited, latent) = try withLatent { LatentRegion(key: $0, start: start, length: length, job: job) }
      _ = try commit("region_add", edited)
      publishLatent([
        "type": "latent_submitted", "region_id": .string(latent.id.wireText), "job_id": .string(job),
      ])
      return .reply(created(latent.id, arguments))
    case .content(let content):
      let name = try contentName(content)
      let (edited, latent) = try withLatent {
        LatentRegion(key: $0, start: start, length: length, content: name)
      }
      _ = try commit("region_add", edited)
      try bringContent(of: latent.id) { [self] problem in
        if let problem {
          warn("region \(latent.id.wireText) is silent: \(problem.lines[0]): \(problem.lines[1])")
        }
        finish(incoming, created(latent.id, arguments))
      }
      return .later
    }
  }

  private enum Behaviour {
    case content(String)
    case job(String)
  }

  /// Either form of what a region is to do. What can be told apart but is not offered is refused by its name.
  private func behaviour(_ arguments: PeerArguments) throws(Refusal) -> Behaviour {
    guard arguments.isJSON else {
      let content = try arguments.text("content_id")
      return try arguments.text("behavior_type") == "latent" ? .job(content) : .content(content)
    }
    guard let behaviour = arguments.content["behavior"] else { throw PeerArguments.missing("behavior") }
    func inner(_ name: String, _ field: String) throws(Refusal) -> String? {
      guard let fields = behaviour[name] else { return nil }
      return try PeerArguments(content: fields, form: .json).text(field)
    }
    if let content = try inner("play_content", "content_hash") { return .content(content) }
    if let job = try inner("latent", "job_id") { return .job(job) }
    let asked = behaviour.object?.members.first?.key ?? behaviour.kind
    throw Refusal.peer(
      "regions that \(said(asked)) are not offered: play_content and latent are; automation and markers do the rest",
      next: "garden help automation set")
  }

  private func withLatent(
    _ make: (UInt64) -> LatentRegion
  ) throws(Refusal) -> (Timeline, LatentRegion) {
    var edited = timeline
    do {
      let latent = try edited.addLatent(make)
      return (edited, latent)
    } catch { throw Refusal(error) }
  }

  /// Where it really stands and how long it really is.
  private func created(_ id: UUID, _ arguments: PeerArguments) -> JSONValue {
    guard !arguments.isJSON else { return ["type": "region_created", "region_id": .string(id.wireText)] }
    let start = timeline.regions[id]?.start ?? timeline.latents[id]?.start ?? 0
    let length = timeline.regions[id]?.length ?? timeline.latents[id]?.length ?? 0
    return [
      "type": "garden_region_created", "region_id": .string(id.wireText),
      "position": .number(Double(start) / Double(ticksPerBeat)),
      "duration": .number(Double(length) / Double(ticksPerBeat)),
    ]
  }

  /// What the store goes by. Whether it has it is seen when it is opened.
  func contentName(_ text: String) throws(Refusal) -> String {
    guard let name = ContentName(text) else {
      throw Refusal.peer(
        "invalid hash format: \(quoted(text))", why: "content is named by 32 or 64 digits, or as artifact_…",
        next: "garden cas ls")
    }
    return name.hash ?? name.text
  }
}
