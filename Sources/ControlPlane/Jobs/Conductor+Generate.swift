import Arrangement
import ContentStore
import ControlSocket
import FoundationEssentials
import HootWire
import JobDispatch
import Jobs
import Ledger
import MusicalTime
import Tools

// From a request to a job that cannot be lost and a region that waits for it.
extension Conductor {
  func generate(_ tool: Tool, _ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard let job = tool.job else { throw Self.noJobs }
    return try generate(JobPlan(tool, job, arguments), incoming)
  }

  /// A tool by its name: a declared one, or what a host says it has.
  func generate(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try generate(JobPlan(named: arguments.text(.tool) ?? "", arguments), incoming)
  }

  /// The inputs are looked for first, then the hosts; then the job is made durable, then its region is put on the
  /// timeline, and then the request is answered. What is refused has changed nothing.
  private func generate(_ plan: JobPlan, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard jobs != nil else { throw Self.noJobs }
    let plan = plan.asked(within: TraceContext(incoming.frame.traceparent))
    if let url = plan.arguments.text(.webhookURL) { try checkWebhook(url) }
    let place = try self.place(for: plan)
    let id = try jobID(plan.arguments)
    _ = try plan.spec(id, inputs: [])
    withSession(plan) { [self] plan in
      resume(incoming) { () throws(Refusal) in
        let plan = try plan.get()
        try resolve(plan.inputs) { [self] found in
          resume(incoming) { () throws(Refusal) in
            let inputs = try found.get()
            try lookAtHosts(plan, incoming) { [self] () throws(Refusal) in
              if plan.arguments.isSet(.dryRun) { return }
              try submit(plan, id, inputs, place, incoming)
            }
          }
        }
      }
    }
    return .later
  }

  private func jobID(_ arguments: Arguments) throws(Refusal) -> JobID {
    guard let text = arguments.text(.jobID) else { return jobs?.mintID() ?? JobID(high: 0, low: 0) }
    guard let id = JobID(text) else {
      throw Refusal(
        "bad_id", .usage, "\(shownText(text)) is no job's id", "It is a UUID: 32 hexadecimal digits.",
        "garden help generate")
    }
    return id
  }

  /// Where a region is to be: as the timeline is now, so that a mistake is told before anything is asked for.
  struct RegionPlace {
    var start: Tick
    var length: Tick
    var track: String
  }

  func place(for plan: JobPlan) throws(Refusal) -> RegionPlace? {
    let arguments = plan.arguments
    let isSounding =
      plan.declaration.map { $0.job?.product != .value && $0.job?.isPlaced == true } ?? arguments.has(.track)
    guard isSounding, !arguments.isSet(.noRegion) else { return nil }
    let start = try tick(arguments.text(.at) ?? "@next-bar")
    let length = Tick(((arguments.number(.forBeats) ?? 0) * Double(ticksPerBeat)).rounded())
    let name = arguments.text(.track) ?? Self.trackName(plan.tool)
    _ = try edit { timeline throws(ArrangementError) in
      let track = try timeline.findOrAddTrack(name)
      _ = try timeline.addLatent { key in
        LatentRegion(key: key, start: start, length: length, job: "", track: track.id)
      }
    }
    return RegionPlace(start: start, length: length, track: name)
  }

  /// `orpheus_generate` → `orpheus`.
  private static func trackName(_ tool: String) -> String {
    String(tool.prefix { $0 != "_" && $0 != "." && $0 != " " })
  }

  /// Each input's hash; refused where one is not there.
  func resolve(
    _ inputs: [(parameter: String, content: ContentName)],
    then: @escaping (Result<[HostCall.Input], Refusal>) -> Void
  ) throws(Refusal) {
    guard !inputs.isEmpty else { return then(.success([])) }
    let store = store
    try load(
      on: storekeeper,
      {
        .inputsOfJob(
          Result { () throws(Refusal) in
            var found: [HostCall.Input] = []
            for (parameter, name) in inputs {
              do throws(StoreError) {
                found.append(HostCall.Input(parameter: parameter, hash: try store.content(name).hash))
              } catch { throw Refusal(error) }
            }
            return found
          })
      },
      then: { loaded in
        guard case .inputsOfJob(let result) = loaded else { return }
        then(result)
      })
  }

  /// Refuses what no host knows; answers a dry run.
  private func lookAtHosts(
    _ plan: JobPlan, _ incoming: Incoming, then: @escaping () throws(Refusal) -> Void
  ) throws(Refusal) {
    let spec = try plan.spec(JobID(high: 0, low: 0), inputs: [])
    try ask(
      JobProspect.self,
      { side, answer in
        side.dispatcher.order(.look { scheduler, now in answer(JobProspect(spec, scheduler, at: now)) })
      },
      then: { [self] prospect in
        resume(incoming) { () throws(Refusal) in
          if plan.declaration == nil, !prospect.isKnown {
            throw Refusal(
              "unknown_tool", .usage, "There is no tool \(shownText(plan.tool))",
              Suggestion.sentence(
                for: plan.tool,
                in: Set(Catalogue.jobTools.compactMap { $0.job?.tool } + prospect.tools).sorted(),
                noun: "tool"), "garden host ls")
          }
          if let host = spec.host, !prospect.hostNames.contains(host) {
            throw Refusal(
              "unknown_host", .refused, "There is no host \(shownText(host))",
              Suggestion.sentence(for: host, in: prospect.hostNames, noun: "host"), "garden host ls")
          }
          if plan.arguments.isSet(.dryRun) {
            return finish(incoming, .ok(prospect.json(spec, plan)))
          }
          try then()
        }
      })
  }

  private func submit(
    _ plan: JobPlan, _ id: JobID, _ inputs: [HostCall.Input], _ place: RegionPlace?, _ incoming: Incoming
  ) throws(Refusal) {
    var spec = try plan.spec(id, inputs: inputs)
    let region = place.map { _ in UUID() }
    spec.region = region?.wireText
    spec.deadline = place.flatMap { deadline(ofRegionAt: $0.start) }
    let key = plan.arguments.text(.idempotencyKey)
    try ask(
      Result<[SubmitAnswer], JobRefusal>.self,
      { side, answer in side.dispatcher.order(.submit([spec], key: key, answer: answer)) },
      then: { [self] result in
        // The job is there, whoever still wants to know: its region has to be, too.
        do throws(Refusal) {
          guard let answer = try result.mapError(Refusal.init).get().first else { throw Self.noJobs }
          guard answer.how == .known else {
            return try placeAndAnswer(plan, answer, region, place, incoming)
          }
          try hadRegion(answer.job) { [self] hadRegion in
            let id = hadRegion ? nil : answer.record.spec.region.flatMap { UUID(wireText: $0) }
            do throws(Refusal) { try placeAndAnswer(plan, answer, id, place, incoming) } catch {
              if peers.isWanted(incoming) { finish(incoming, error.content) }
            }
          }
        } catch {
          if peers.isWanted(incoming) { finish(incoming, error.content) }
        }
      })
  }

  static let placedRemark = "its region is on the timeline"

  /// Whether a job's region was on the timeline before: then a request that is repeated does not put it back, as somebody
  /// has removed it. A daemon that was killed may have kept the job and not the region.
  private func hadRegion(_ job: JobID, then: @escaping (Bool) -> Void) throws(Refusal) {
    try readLedger(
      { store throws(LedgerError) in try store.events(of: job, after: 0, limit: LedgerLimits.page) },
      then: { (result: Result<[JobHistory], Refusal>) in
        guard case .success(let events) = result else { return then(true) }
        then(events.contains { $0.note == Self.placedRemark })
      })
  }

  private func placeAndAnswer(
    _ plan: JobPlan, _ answer: SubmitAnswer, _ region: UUID?, _ place: RegionPlace?, _ incoming: Incoming
  ) throws(Refusal) {
    let command = try placeLatent(plan, answer, region, place)
    // The client's own edit, whatever comes of its job before the reply.
    noteEdits("generate", by: clientName(incoming))
    if command != nil {
      _ = ledger.write(.remark(answer.job, "placed", Self.placedRemark), { _ in })
    }
    answerSubmitted(plan, answer, command, region, incoming)
  }

  /// The region that waits, as an edit; none where it is there already.
  func placeLatent(
    _ plan: JobPlan, _ answer: SubmitAnswer, _ id: UUID?, _ place: RegionPlace?
  ) throws(Refusal) -> JSONValue? {
    guard let id, let place, timeline.latents[id] == nil, timeline.regions[id] == nil else { return nil }
    let parameters = String(decoding: answer.record.spec.parameters, as: UTF8.self)
    let name = plan.regionName ?? timeline.freeLatentName(Self.trackName(plan.tool))
    let edited = try edit { timeline throws(ArrangementError) in
      let track = try timeline.findOrAddTrack(place.track)
      _ = try timeline.addLatent { key in
        var latent = LatentRegion(
          id: id, key: key, start: place.start, length: place.length, job: answer.job.text, track: track.id)
        latent.tool = plan.tool
        latent.name = name
        latent.parameters = parameters
        latent.arrival = plan.arrival
        latent.arrival?.isManual = (plan.arguments.text(.approve) ?? settings.approve) == "manual"
        return latent
      }
    }
    for track in edited.tracks where timeline.track(id: track.id) == nil {
      try checkRoom(for: 2)
      sendUnannounced(.resetTrack, track: track.slot)
    }
    let command = try commit("generate", edited)
    publishLatent([
      "type": "latent_submitted", "region_id": .string(id.wireText), "job_id": .string(answer.job.text),
    ])
    if answer.record.state.isFinal { reconcileJobs() }
    return command
  }

  private func answerSubmitted(
    _ plan: JobPlan, _ answer: SubmitAnswer, _ command: JSONValue?, _ region: UUID?, _ incoming: Incoming
  ) {
    guard peers.isWanted(incoming) else { return }
    let region = answer.how == .known ? answer.record.spec.region : region?.wireText
    var fields: [(String, JSONValue)] = [
      ("job_id", .string(answer.job.text)), ("region_id", JSONValue(region)),
      ("how", .string(answer.how.rawValue)),
    ]
    if let command { fields.append(("command", command)) }
    let place = region.flatMap { UUID(wireText: $0) }
    // A small value is what was asked for; a host that is slow with it makes a job of it.
    let soon = plan.declaration.flatMap { $0.job?.product == .value ? $0.timing.ownSeconds : nil }
    let limit = (plan.arguments.number(.wait) ?? soon).map { Int64(min($0, replySeconds - 1) * 1_000) } ?? 0
    let wait = limit > 0 ? plan.declaration?.timing.wait(clientLimit: limit) ?? limit : 0
    var wish = JobPoll(jobs: [answer.job], until: .now + .milliseconds(wait))
    wish.detail = plan.arguments.choice(.detail) ?? .standard
    poll(wish) { [self] shown, isDone in
      guard peers.isWanted(incoming) else { return }
      let latent = place.flatMap { timeline.latents[$0] }.map(latentJSON) ?? nil
      finish(
        incoming,
        .ok(
          JSONValue(
            fields + [("region", latent), ("job", shown.first ?? nil), ("done", .bool(isDone))])))
    }
  }
}

extension Timeline {
  /// The track of that name, made when there is none.
  mutating func findOrAddTrack(_ name: String) throws(ArrangementError) -> Track {
    do { return try track(name) } catch {
      guard error.kind == .unknownTrack else { throw error }
      return try addTrack(name: name)
    }
  }
}

/// What a job would meet: what hosts there are for it, and how long it would take.
struct JobProspect: Sendable {
  var isKnown = false
  var tools: [String] = []
  var hostNames: [String] = []
  var able: [String] = []
  var waiting = 0
  var startsIn: Int64?
  var takes: Int64?

  init(_ spec: JobSpec, _ scheduler: borrowing Scheduler, at now: JobTime) {
    for host in scheduler.allHosts {
      hostNames.append(host.spec.name)
      tools += host.spec.services.flatMap(\.tools).filter { $0 != "*" }
      guard host.spec.service(for: spec.tool) != nil else { continue }
      isKnown = true
      guard spec.host == nil || spec.host == host.spec.name, spec.labels.isSubset(of: host.spec.labels) else {
        continue
      }
      able.append(host.spec.name)
    }
    let prospect = scheduler.prospect(of: spec, at: now)
    waiting = prospect.ahead
    startsIn = prospect.startsIn
    takes = prospect.takes
  }

  func json(_ spec: JobSpec, _ plan: JobPlan) -> JSONValue {
    let timing = plan.declaration?.timing
    func seconds(_ milliseconds: Int64?) -> JSONValue {
      milliseconds.map { .number((Double($0) / 1_000).hundredths) } ?? nil
    }
    return [
      "dry_run": true, "tool": .string(plan.tool),
      // Written a moment ago by `JobPlan`.
      "parameters": (try? JSONValue.parse(spec.parameters)) ?? nil,
      "timing_class": JSONValue(timing?.timingClass.rawValue), "hosts": .array(able.map { .string($0) }),
      "position": .integer(Int64(waiting + 1)), "starts_in": seconds(startsIn), "takes": seconds(takes),
      "ends_in": seconds(startsIn.flatMap { start in takes.map { start + $0 } }),
    ]
  }
}
