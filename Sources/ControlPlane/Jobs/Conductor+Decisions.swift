import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import JobDispatch
import Jobs
import Tools

extension Conductor {
  /// A latent region by its name, its id or the beginning of it, its job, or its region's name.
  func latent(_ reference: String) throws(Refusal) -> LatentRegion {
    let wanted = reference.lowercased()
    let latents = timeline.latents.values
    var found = latents.filter { $0.name == reference }
    // Why not is told below, of both kinds of region at once.
    if found.isEmpty, let region = try? timeline.region(reference), let latent = timeline.latents[region.id] {
      found = [latent]
    }
    if found.isEmpty, wanted.count >= 4 {
      found = latents.filter {
        $0.id.uuidString.lowercased().hasPrefix(wanted) || ($0.job?.hasPrefix(wanted) ?? false)
      }
    }
    guard let latent = found.first, found.count == 1 else {
      let names = latents.prefix(8).map { $0.name ?? String($0.id.wireText.prefix(8)) }.sorted()
      throw Refusal(
        found.isEmpty ? "unknown_region" : "ambiguous", .refused,
        "\(shownText(reference)) means \(found.isEmpty ? "no region of a job" : "\(found.count) regions")",
        names.isEmpty ? "no region is made by a job" : "regions: \(names.joined(separator: ", "))",
        "garden region ls")
    }
    return latent
  }

  /// One region, a take of it, or all that wait.
  func approve(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let waiting: [LatentRegion]
    if let reference = arguments.text(.region) {
      waiting = [try latent(reference)]
    } else {
      waiting = timeline.latents.values.filter { $0.status == .resolved }.sorted { $0.key < $1.key }
      guard !waiting.isEmpty else {
        throw Refusal(
          "nothing_waits", .refused, "nothing waits for approval", "every region was decided on",
          "garden region ls")
      }
    }
    let take = arguments.integer(.take)
    let edited = try edit { timeline throws(ArrangementError) in
      for latent in waiting {
        try timeline.updateLatent(latent.id) { latent throws(ArrangementError) in
          if let take { try latent.choose(take: take - 1) } else { try latent.approve(by: nil) }
        }
      }
    }
    let command = try commit("approve", edited)
    for latent in waiting {
      publishLatent(["type": "latent_approved", "region_id": .string(latent.id.wireText)])
      bringTake(of: latent.id) { [self] problem in
        guard let problem else { return }
        warn("region \(latent.id.wireText) is silent: \(problem.lines[0]): \(problem.lines[1])")
      }
    }
    let ids = waiting.map { JSONValue.string($0.id.wireText) }
    return .reply(.ok(["command": command, "approved": .array(ids)]))
  }

  func reject(_ arguments: Arguments) throws(Refusal) -> Answer {
    let latent = try latent(arguments.text(.region) ?? "")
    let reason = arguments.text(.reason)
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.updateLatent(latent.id) { latent throws(ArrangementError) in
        try latent.reject(by: nil, reason: reason)
      }
    }
    let command = try commit("reject", edited)
    publishLatent([
      "type": "latent_rejected", "region_id": .string(latent.id.wireText), "reason": JSONValue(reason),
    ])
    return .reply(.ok(["command": command, "region_id": .string(latent.id.wireText)]))
  }

  /// The same request once more, fresh; what plays goes on until the new take enters.
  func vary(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let latent = try latent(arguments.text(.region) ?? "")
    // What cannot be read is as good as not known.
    guard let tool = latent.tool, let text = latent.parameters,
      let parameters = (try? JSONValue.parse(Array(text.utf8)))?.object
    else {
      throw Refusal(
        "not_ours", .refused, "the region cannot be varied", "it is not known what it was made from",
        "garden generate phrase_generate")
    }
    guard latent.status != .pending, latent.status != .running else {
      throw Refusal(
        "wrong_state", .refused, "the region cannot be varied yet",
        "its job is still \(latent.status.rawValue)", "garden job show \(latent.job ?? "")")
    }
    let plan = try JobPlan(tool, like: parameters, arguments)
      .asked(within: TraceContext(incoming.frame.traceparent))
    guard let id = jobs?.mintID() else { throw Self.noJobs }
    try resolve(plan.inputs) { [self] found in
      resume(incoming) { () throws(Refusal) in
        var spec = try plan.spec(id, inputs: try found.get(), isFresh: true)
        spec.region = latent.id.wireText
        let ready = spec
        try ask(
          Result<[SubmitAnswer], JobRefusal>.self,
          { side, answer in side.dispatcher.order(.submit([ready], answer: answer)) },
          then: { [self] result in
            resume(incoming) { () throws(Refusal) in
              _ = try result.mapError(Refusal.init).get()
              try varied(latent.id, ready, plan, arguments, incoming)
            }
          })
      }
    }
    return .later
  }

  private func varied(
    _ id: UUID, _ spec: JobSpec, _ plan: JobPlan, _ arguments: Arguments, _ incoming: Incoming
  ) throws(Refusal) {
    let text = String(decoding: spec.parameters, as: UTF8.self)
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.updateLatent(id) { latent throws(ArrangementError) in
        try latent.vary(job: spec.id.text)
        latent.parameters = text
        if let entry = arguments.choice(.enter, as: Arrival.Entry.self) { latent.arrival?.entry = entry }
        if arguments.has(.crossfade) { latent.arrival?.crossfade = plan.arrival.crossfade }
      }
    }
    let command = try commit("vary", edited)
    publishLatent([
      "type": "latent_submitted", "region_id": .string(id.wireText), "job_id": .string(spec.id.text),
    ])
    try show([spec.id]) { [self] shown in
      guard peers.isWanted(incoming) else { return }
      finish(
        incoming,
        .ok([
          "command": command, "job_id": .string(spec.id.text), "region_id": .string(id.wireText),
          "job": shown.first ?? nil,
        ]))
    }
  }
}
