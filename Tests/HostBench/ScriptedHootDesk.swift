import ControlSocket
import FoundationEssentials
import Glibc
import HootCapnProto
import HootWire
import Threading

/// What the scripted host's thread owns.
final class ScriptedHootDesk {
  private struct Work {
    var request: ScriptedHootHost.Request
    var steps: ArraySlice<ScriptedHootHost.Step>
    var due: Double
  }

  private let behaviour: ScriptedHootHost.Behaviour
  private let schemas: WireSchemas
  private let state: Locked<ScriptedHootHost.State>
  private let router: WireSocket
  private let publisher: WireSocket
  private let script: @Sendable (ScriptedHootHost.Request, Int) -> [ScriptedHootHost.Step]
  private var work: [Work] = []
  private var jobs: [String: (state: String, result: JSONValue?, error: String)] = [:]
  private var hasCrashed = false

  init(
    _ behaviour: ScriptedHootHost.Behaviour, _ schemas: WireSchemas, _ state: Locked<ScriptedHootHost.State>,
    _ router: WireSocket, _ publisher: WireSocket,
    _ script: @escaping @Sendable (ScriptedHootHost.Request, Int) -> [ScriptedHootHost.Step]
  ) {
    self.behaviour = behaviour
    self.schemas = schemas
    self.state = state
    self.router = router
    self.publisher = publisher
    self.script = script
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  func run(_ sockets: WireSockets) {
    while !hasCrashed, !state.withLock({ $0.isStopping }) {
      while case .message(let frames) = router.receive() { take(frames) }
      // Its subscribers' wishes.
      while case .message = publisher.receive() {}
      for index in work.indices { goOn(index) }
      work.removeAll { $0.steps.isEmpty }
      sockets.wait([router, publisher], descriptor: -1, milliseconds: 10)
    }
  }

  private func take(_ frames: [[UInt8]]) {
    guard let frame = try? HootFrame.parse(frames, routingFrames: 1) else { return }
    if frame.command == .heartbeat {
      let isMute = state.withLock { state in
        state.heartbeats += 1
        return state.isMute
      }
      if !isMute { _ = router.send(frame.heartbeatAnswer.encode()) }
      return
    }
    guard frame.command == .request, let envelope = try? schemas.read(frame.body, as: .envelope),
      let member = envelope["payload"]?["tool_request"]?.object?.members.last
    else { return }
    let request = ScriptedHootHost.Request(
      identity: frame.identity.first ?? [], id: frame.requestID, service: frame.service,
      traceparent: frame.traceparent, tool: member.key, fields: member.value)
    if behaviour.isHootenanny, let answer = answer(request) { return send(answer, request) }
    let number = state.withLock { state in
      state.requests.append(request)
      return state.requests.count - 1
    }
    guard work.count < behaviour.slots else {
      state.withLock { $0.busyAnswers += 1 }
      let busy: JSONValue = ["code": "service", "message": "Service is busy processing another request"]
      return send(["error": busy], request)
    }
    work.append(Work(request: request, steps: script(request, number)[...], due: 0))
    goOn(work.count - 1)
    work.removeAll { $0.steps.isEmpty }
  }

  private func goOn(_ index: Int) {
    while let step = work[index].steps.first, work[index].due <= Self.now(), !hasCrashed {
      let request = work[index].request
      if case .hang = step { return }
      work[index].steps.removeFirst()
      if case .wait(let seconds) = step {
        work[index].due = Self.now() + seconds
        if work[index].steps.isEmpty { work[index].steps = [.publish([:])] }
      } else {
        perform(step, request)
      }
    }
  }

  private func perform(_ step: ScriptedHootHost.Step, _ request: ScriptedHootHost.Request) {
    switch step {
    case .wait, .hang: break
    case .reply(let payload): send(payload, request)
    case .body(let body, let type): send(body, type, request)
    case .frames(let frames): _ = router.send([request.identity] + frames)
    case .stray(let payload):
      var other = request
      other.id = .random
      send(payload, other)
    case .begin(let job):
      jobs[job] = ("running", nil, "")
      let started: JSONValue = ["job_id": .string(job), "tool": .string(request.tool)]
      send(["tool_response": ["job_started": started]], request)
    case .job(let job, let state, let result, let error, let isPublished):
      jobs[job] = (state, result, error)
      guard isPublished else { return }
      publish(["job_state_changed": ["job_id": .string(job), "state": .string(state), "result": ""]])
    case .forget(let job): jobs[job] = nil
    case .publish(let news): if news.object?.members.isEmpty == false { publish(news) }
    case .crash: hasCrashed = true
    }
  }

  /// hootenanny's own tools.
  private func answer(_ request: ScriptedHootHost.Request) -> JSONValue? {
    let id = request.fields["job_id"]?.string ?? ""
    func known(_ request: ScriptedHootHost.Request) { state.withLock { $0.requests.append(request) } }
    switch request.tool {
    case "job_status":
      known(request)
      guard let job = jobs[id] else {
        return ["error": ["code": "not_found", "message": .string("Job not found: \(id)"), "details": ""]]
      }
      return [
        "tool_response": [
          "job_status": [
            "job_id": .string(id), "status": .string(job.state), "source": "", "error": .string(job.error),
            "result": job.result ?? .null,
          ]
        ]
      ]
    case "job_poll":
      known(request)
      let ids = request.fields["job_ids"]?.array ?? []
      func those(_ states: Set<String>) -> JSONValue {
        .array(ids.filter { states.contains(jobs[$0.string ?? ""]?.state ?? "failed") })
      }
      return [
        "tool_response": [
          "job_poll": [
            "completed": those(["complete"]), "failed": those(["failed", "cancelled"]),
            "pending": those(["pending", "running"]), "reason": "timeout", "elapsed_ms": 0,
          ]
        ]
      ]
    case "job_cancel":
      known(request)
      if jobs[id]?.state == "running" { jobs[id]?.state = "cancelled" }
      return ["tool_response": ["job_cancel": ["job_id": .string(id), "cancelled": true]]]
    default: return nil
    }
  }

  private func send(_ payload: JSONValue, _ request: ScriptedHootHost.Request) {
    let envelope: JSONValue = ["id": request.id.envelopeID, "traceparent": "", "payload": payload]
    do { send(try schemas.write(envelope, as: .envelope), .capnProto, request) } catch {
      fatalError("the script's payload is none: \(error)")
    }
  }

  private func send(
    _ body: [UInt8], _ type: HootFrame.ContentType, _ request: ScriptedHootHost.Request
  ) {
    let frame = HootFrame(
      identity: [request.identity], command: .reply, contentType: type, requestID: request.id, service: "",
      body: body)
    _ = router.send(frame.encode())
  }

  private func publish(_ news: JSONValue) {
    do { _ = publisher.send([try schemas.write(news, as: .broadcast)]) } catch {
      fatalError("the script's broadcast is none: \(error)")
    }
  }
}
