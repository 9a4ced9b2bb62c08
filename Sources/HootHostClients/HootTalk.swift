import FoundationEssentials
import HootCapnProto
import HootWire
import HostClients
import Jobs

/// One call of a host as it goes over the wire: what is said when, and what is made of the answers. It has neither socket
/// nor clock: time is handed in, in seconds, and what is to be done is handed out.
///
/// A talk begins with a heartbeat, so that nothing is asked of a host that is not there: what waited in a queue would be
/// worked on when nobody wants it any more.
struct HootTalk {
  enum Purpose: Sendable {
    /// Ask for the tool, with this body.
    case submit([UInt8])
    /// It was asked for before, under the same identity: look after hootenanny's job, or ask again. A service that is
    /// still at work says that it is busy, and its reply comes; one that has ended meanwhile begins anew, since its reply
    /// went to nobody.
    case adopt(job: String?, [UInt8])
    case probe
    /// Have hootenanny's job stopped.
    case release(job: String)
  }

  enum Act {
    case send(HootFrame)
    case report(HostReport)
    case end(End)
  }

  enum End {
    case outcome(HostOutcome)
    /// Of a probe: it is there. Of a release: it has let go, or does not know the job.
    case answered(isKnown: Bool)
    case unreachable(String)
  }

  enum Phase: Equatable {
    /// The first heartbeat is not answered yet.
    case greeting
    /// Its reply is awaited.
    case waiting
    /// hootenanny has a job of this id for it.
    case following(String)
    /// hootenanny was asked to stop that job.
    case leaving(String, since: Double)
    case over
  }

  /// What a question that hootenanny was asked is about.
  enum Ask: Equatable { case poll, status, cancel }

  let call: HostCall
  let host: String
  let kind: HostKind
  /// What the host knows this end by.
  let identity: String
  let purpose: Purpose
  let schemas: WireSchemas
  let began: Double

  var phase = Phase.greeting
  var heard: Double
  var isConnected = false
  var isCancelled = false
  /// The heartbeat that was sent behind the request.
  var beatAfterRequest: UUID?
  var nextBeat: Double
  var nextPoll = Double.infinity
  /// When a service that was busy is asked again.
  var nextAsk = Double.infinity
  var asks: [UUID: Ask] = [:]
  /// The artifact that a broadcast named, for a job that hootenanny has forgotten since.
  var namedArtifact: String?

  init(
    _ call: HostCall, host: String, kind: HostKind, identity: String, purpose: Purpose, schemas: WireSchemas,
    now: Double
  ) {
    self.call = call
    self.host = host
    self.kind = kind
    self.identity = identity
    self.purpose = purpose
    self.schemas = schemas
    began = now
    heard = now
    nextBeat = now
  }

  var reply: HootReply { HootReply(call: call, host: host) }
  var silence: Double { call.limits.silence ?? HootHostLimits.silence }

  /// Whether the host may be at work on it.
  var wasSent: Bool { phase != .greeting }

  /// When it must be turned at the latest.
  var nextTime: Double {
    var next = min(began + call.limits.total, nextBeat)
    switch phase {
    case .greeting: next = min(next, began + call.limits.connect)
    case .waiting: next = min(next, heard + silence, nextAsk, orphaned)
    case .following: next = min(next, heard + silence, nextPoll)
    case .leaving(_, let since): next = min(next, since + HootHostLimits.leaving)
    case .over: break
    }
    return next
  }

  /// Time has passed, or the connection came or broke.
  mutating func turn(now: Double, isConnected: Bool) -> [Act] {
    let hasBroken = self.isConnected && !isConnected
    if !self.isConnected, isConnected { nextBeat = now }
    self.isConnected = isConnected
    switch phase {
    case .over: return []
    case .greeting:
      if now >= began + call.limits.connect {
        // Its socket stands, and its model is still being loaded: that is no failure.
        if isConnected, case .submit = purpose { return end(.outcome(.busy(retryAfter: nil))) }
        return end(
          notReached(
            isConnected ? "It answered no heartbeat" : "No connection was made", call.limits.connect))
      }
    case .waiting:
      if hasBroken { return end(broken) }
      if now >= orphaned { return end(forgotten) }
      if now >= heard + silence { return end(silent) }
    case .following:
      if now >= heard + silence { return end(silent) }
    case .leaving(_, let since):
      if now >= since + HootHostLimits.leaving { return end(notStopped) }
    }
    if now >= began + call.limits.total { return end(overdue) }
    guard isConnected else {
      nextBeat = max(nextBeat, now + HootHostLimits.firstBeat)
      nextPoll = max(nextPoll, now + HootHostLimits.firstBeat)
      nextAsk = max(nextAsk, now + HootHostLimits.firstBeat)
      return []
    }
    var acts: [Act] = []
    if phase == .waiting, now >= nextAsk, case .adopt(_, let body) = purpose { acts += ask(body, now: now) }
    if now >= nextBeat {
      acts.append(.send(beat().frame))
      nextBeat = now + (phase == .greeting ? HootHostLimits.firstBeat : HootHostLimits.beat)
    }
    if case .following(let job) = phase, now >= nextPoll {
      nextPoll = now + HootHostLimits.poll
      acts.append(ask(.poll, "job_poll", ["job_ids": [.string(job)], "timeout_ms": 0, "mode": "any"]))
    }
    return acts
  }

  /// Of a call that hootenanny never gave a job's id: no tool that is answered without one takes so long.
  private var orphaned: Double {
    if kind == .hootenanny, case .adopt = purpose { return began + HootHostLimits.orphan }
    return .infinity
  }

  /// Asks for the tool, and for a heartbeat behind it: that comes after a busy answer, if there is one.
  mutating func ask(_ body: [UInt8], now: Double) -> [Act] {
    let beat = beat()
    beatAfterRequest = beat.id
    nextBeat = now + HootHostLimits.beat
    nextAsk = .infinity
    return [.send(request(body, id: HootRequest.id(of: call.job))), .send(beat.frame)]
  }

  func beat() -> (id: UUID, frame: HootFrame) {
    let id = UUID.random
    let frame = HootFrame(command: .heartbeat, contentType: .empty, requestID: id)
    return (id, frame)
  }

  /// Its caller wants it no more.
  mutating func cancel(now: Double) -> [Act] {
    isCancelled = true
    switch phase {
    case .greeting: return end(.outcome(.cancelled))
    case .following(let job): return leave(job, now: now)
    case .waiting where kind == .hootenanny:
      // The job's id may be on its way.
      phase = .leaving("", since: now)
      return []
    case .waiting:
      return end(
        failed(
          .transport, "\(call.tool) was cancelled while \(host) worked on it",
          "A service of this kind cannot be told to stop.", mayStillRun: true))
    case .leaving, .over: return []
    }
  }

  mutating func leave(_ job: String, now: Double) -> [Act] {
    phase = .leaving(job, since: now)
    return [ask(.cancel, "job_cancel", ["job_id": .string(job)])]
  }

  mutating func ask(_ ask: Ask, _ tool: String, _ fields: JSONValue) -> Act {
    let id = UUID.random
    // Answers to older questions of the kind say nothing new.
    asks = asks.filter { $0.value != ask }
    asks[id] = ask
    return .send(
      request(HootRequest.body(tool, fields, id: id, schemas: schemas), id: id))
  }

  func request(_ body: [UInt8], id: UUID) -> HootFrame {
    HootFrame(
      command: .request, contentType: .capnProto, requestID: id,
      service: kind == .hootenanny ? "hootenanny" : "",
      traceparent: call.traceparent ?? "", body: body)
  }

  mutating func end(_ end: End) -> [Act] {
    phase = .over
    return [.end(end)]
  }
}
