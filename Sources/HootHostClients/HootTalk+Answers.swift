import FoundationEssentials
import HootWire
import HostClients
import Jobs

extension HootTalk {
  /// What a host has sent.
  mutating func take(_ frames: [[UInt8]], now: Double) -> [Act] {
    guard phase != .over else { return [] }
    let frame: HootFrame
    do { frame = try HootFrame.parse(frames) } catch {
      return end(
        failed(
          phase == .greeting ? .permanent : .transport, "\(host) does not speak HOOT01",
          "Of its message, \(error).", mayStillRun: wasSent))
    }
    heard = now
    switch frame.command {
    case .heartbeat: return answered(frame.requestID, now: now)
    case .reply: return replied(frame, now: now)
    // Nobody asked for these.
    case .ready, .request, .disconnect: return []
    }
  }

  private mutating func answered(_ id: UUID, now: Double) -> [Act] {
    guard phase == .greeting else {
      guard id == beatAfterRequest else { return [.report(.heartbeat)] }
      // It has read the request and did not say that it is busy.
      beatAfterRequest = nil
      let taken = Act.report(kind == .hoot01 ? .accepted(remote: identity) : .heartbeat)
      guard isAdopted else { return [taken] }
      return [
        taken, .report(.progress(percent: nil, message: "It is made anew: nobody was there for its reply.")),
      ]
    }
    switch purpose {
    case .probe: return end(.answered(isKnown: true))
    case .release(let job): return leave(job, now: now)
    case .adopt(let job?, _):
      phase = .following(job)
      nextPoll = now + HootHostLimits.poll
      return [.report(.accepted(remote: job)), ask(.status, "job_status", ["job_id": .string(job)])]
    case .adopt(nil, let body):
      phase = .waiting
      return kind == .hoot01 ? ask(body, now: now) : [.report(.heartbeat)]
    case .submit(let body):
      phase = .waiting
      return ask(body, now: now)
    }
  }

  private mutating func replied(_ frame: HootFrame, now: Double) -> [Act] {
    let question = asks.removeValue(forKey: frame.requestID)
    let isResult = frame.requestID == HootRequest.id(of: call.job) && wasSent && asksForResult
    // Late, doubled, or somebody else's.
    guard question != nil || isResult else { return [] }
    guard frame.contentType == .capnProto else {
      return end(.outcome(reply.unusable("Its content is \(frame.contentType.name), not CapnProto.")))
    }
    guard frame.body.count <= call.limits.replyBytes else {
      return end(.outcome(reply.unusable("It has more than \(call.limits.replyBytes) bytes, the limit.")))
    }
    let payload: JSONValue
    do { payload = try schemas.read(frame.body, as: .envelope)["payload"] ?? .null } catch {
      return end(.outcome(reply.unusable(Plain.line("\(error)."))))
    }
    switch question {
    case .poll?: return polled(payload)
    case .status?: return told(payload, now: now)
    case .cancel?: return stopped(payload)
    case nil: return result(payload, now: now)
    }
  }

  private var asksForResult: Bool {
    switch purpose {
    case .submit, .adopt: true
    case .probe, .release: false
    }
  }

  private mutating func result(_ payload: JSONValue, now: Double) -> [Act] {
    if kind == .hootenanny, let started = payload["tool_response"]?["job_started"] {
      guard let job = started["job_id"]?.string, !job.isEmpty, job.utf8.count <= HootHostLimits.addressBytes
      else { return end(.outcome(reply.unusable("It began a job without an id."))) }
      let told = Act.report(.accepted(remote: job))
      if isCancelled { return [told] + leave(job, now: now) }
      // A second answer of the kind changes nothing.
      guard phase == .waiting else { return [] }
      phase = .following(job)
      nextPoll = now + HootHostLimits.firstPoll
      return [told]
    }
    if case .following = phase { return [] }
    let outcome = reply.outcome(payload) ?? reply.unusable("It is neither a result nor an error.")
    if case .busy = outcome, isAdopted, phase == .waiting {
      // With this call, as far as anybody knows.
      beatAfterRequest = nil
      nextAsk = now + HootHostLimits.askAgain
      return [.report(.accepted(remote: identity))]
    }
    return end(.outcome(outcome))
  }

  // MARK: Jobs of hootenanny

  private mutating func polled(_ payload: JSONValue) -> [Act] {
    guard case .following(let job) = phase else { return [] }
    let response = payload["tool_response"]
    let poll = response?["job_poll"] ?? response?["job_poll_result"]
    let isPending = poll?["pending"]?.array?.contains(.string(job)) == true
    return isPending
      ? [.report(.heartbeat)] : [ask(.status, "job_status", ["job_id": .string(job)])]
  }

  private mutating func told(_ payload: JSONValue, now: Double) -> [Act] {
    let job: String
    switch phase {
    case .following(let id), .leaving(let id, _): job = id
    default: return []
    }
    var isLeaving = false
    if case .leaving = phase { isLeaving = true }
    guard let info = payload["tool_response"]?["job_status"], info["job_id"]?.string == job else {
      return unknown(payload, isLeaving)
    }
    switch info["status"]?.string {
    case "complete": return end(.outcome(completed(info)))
    case "cancelled": return end(.outcome(.cancelled))
    case "failed" where isLeaving: return end(.outcome(.cancelled))
    case "failed":
      let why = Plain.line(info["error"]?.string ?? "")
      return end(
        failed(
          .retryable, "\(host) failed at \(call.tool)", why.isEmpty ? "It said nothing else." : why))
    case "pending", "running": return isLeaving ? end(notStopped) : [.report(.heartbeat)]
    default: return end(.outcome(reply.unusable("It says of its job a state that nobody knows.")))
    }
  }

  private func completed(_ info: JSONValue) -> HostOutcome {
    if let response = info["result"], response.object?.members.isEmpty == false {
      return reply.result(response)
    }
    if let namedArtifact { return named(namedArtifact) }
    return reply.unusable(
      "The job \(Plain.line(info["job_id"]?.string ?? "")) is complete and has no result.")
  }

  /// hootenanny keeps what is over for some minutes only.
  private mutating func unknown(_ payload: JSONValue, _ isLeaving: Bool) -> [Act] {
    if isLeaving { return end(.outcome(.cancelled)) }
    if let namedArtifact { return end(.outcome(named(namedArtifact))) }
    let said = Plain.line(payload["error"]?["message"]?.string ?? "It said nothing else.")
    return end(
      failed(.retryable, "\(host) does not know its job for \(call.tool) any more", said))
  }

  private func named(_ artifact: String) -> HostOutcome {
    let type = ServiceNames.makesAudio(call.tool) ? "audio/wav" : "audio/midi"
    return .succeeded(HostResult(artifacts: [HostArtifact(.stored(hash: artifact), type: type)]))
  }

  private mutating func stopped(_ payload: JSONValue) -> [Act] {
    guard case .leaving(let job, _) = phase else { return [] }
    if case .release = purpose {
      return end(.answered(isKnown: payload["tool_response"] != nil))
    }
    // It says yes whatever comes of it: so it is asked what came of it.
    return [ask(.status, "job_status", ["job_id": .string(job)])]
  }

  /// What hootenanny has published, to everybody.
  mutating func take(broadcast: JSONValue, now: Double) -> [Act] {
    guard case .following(let job) = phase else { return [] }
    if let news = broadcast["progress"], news["job_id"]?.string == job {
      heard = now
      let percent = news["percent"]?.double.flatMap { $0.isFinite ? min(100, max(0, $0)) : nil }
      let message = news["message"]?.string.map(Plain.line).flatMap { $0.isEmpty ? nil : $0 }
      return [.report(.progress(percent: percent, message: message))]
    }
    guard let news = broadcast["job_state_changed"], news["job_id"]?.string == job else { return [] }
    heard = now
    guard ["complete", "failed", "cancelled"].contains(news["state"]?.string ?? "") else {
      return [.report(.heartbeat)]
    }
    // The result is in the job, not in the broadcast; but for the artifact's name.
    if let text = news["result"]?.string, let json = try? JSONValue.parse(Array(text.utf8)),
      let artifact = json["artifact_id"]?.string, artifact.hasPrefix("artifact_")
    {
      namedArtifact = artifact
    }
    return [ask(.status, "job_status", ["job_id": .string(job)])]
  }
}

enum ServiceNames {
  static func makesAudio(_ tool: String) -> Bool {
    ["musicgen_generate", "yue_generate", "audioldm2_generate", "demucs_separate", "convert_midi_to_wav"]
      .contains(tool) || tool.hasPrefix("rave_")
  }
}
